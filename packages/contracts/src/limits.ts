/**
 * Every limit of the platform, in one place. Lengths of text are UTF-16 code units (what `string.length` says), sizes are bytes, times are
 * milliseconds unless the name says otherwise. Each is answered with a code and named in the error.
 */
export const limits = {
  userId: 255,
  channelKey: 64,
  name: 255,
  url: 2_048,
  messageText: 10_000,
  customBytes: 5 * 1024,
  attachments: 30,
  attachmentsBytes: 64 * 1024,
  mentionedUsers: 100,
  reactionType: 64,
  reactionScore: 1_000,
  reactionTypesPerMessage: 100,
  pageSize: 100,
  pageSizeDefault: 25,
  upsertUsers: 100,
  membersPerCall: 100,
  presenceUserIds: 200,
  filterDepth: 6,
  filterNodes: 60,
  filterValues: 100,
  customPath: 128,
  sorts: 3,
  typingMs: 7_000,
  requestBytes: 128 * 1024,
  queryTokens: 2_000,
  queryDepth: 12,
  queryAliases: 30,
  queryDirectives: 30,
  /** Fields of a query, each list counted with its page size. */
  queryCost: 30_000,
  socketFrameBytes: 128 * 1024,
  /** Bytes waiting to be sent on one socket before it is closed with a code that makes the SDK resume. */
  socketBufferedBytes: 1024 * 1024,
  socketsPerUser: 50,
  subscriptionsPerSocket: 300,
  operationsPerSocketPerSecond: 50,
  connectionInitMs: 3_000,
  /** A page of replayed events, and the bytes after which it is cut short (a bus message holds 1 MiB). */
  eventsPage: 100,
  eventsPageBytes: 600 * 1024,
  /** Operations of one user, and of one key, in a minute, on one node. */
  userOperationsPerMinute: 1_500,
  keyOperationsPerMinute: 120_000,
  tokenClockToleranceSeconds: 30,
} as const;

export type LimitName = keyof typeof limits;
