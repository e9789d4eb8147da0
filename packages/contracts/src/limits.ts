import * as clientLimits from './client-limits.ts';

/**
 * Every limit of the platform, in one place. Lengths of text are UTF-16 code units (what `string.length` says), sizes are bytes, times are
 * milliseconds unless the name says otherwise. Each is answered with a code and named in the error.
 */
export const limits = {
  // One by one: a spread of the module would put the whole table into every bundle.
  userId: clientLimits.userId,
  channelKey: clientLimits.channelKey,
  messageText: clientLimits.messageText,
  typingMs: clientLimits.typingMs,
  presenceUserIds: clientLimits.presenceUserIds,
  operationsPerUserPerSecond: clientLimits.operationsPerUserPerSecond,
  name: 255,
  /** Bytes that it takes in JSON, where some characters take six. */
  url: 2_048,
  customBytes: 5 * 1024,
  /** Levels of custom data, so that what holds it stays within `jsonDepth`: it begins at the sixth level of an event, the twelfth of a bus message. */
  customDepth: 32,
  attachments: 30,
  attachmentsBytes: 64 * 1024,
  /**
   * Keeps the largest event within a bus message of 1 MiB (1,048,576 bytes), as JSON, where a control character takes 6 bytes. A user takes up to
   * 9,400: id 255, name 6 × 255, image 2,048, role 64, custom data 5,120, the rest below 380. A message takes up to 460,400: text 6 × 10,000,
   * attachments 65,536 and their ids 1,700, custom data 5,120, 100 reaction groups of 350, its author and 30 mentioned users 31 × 9,400, the rest
   * below 1,500. An event holds the message, the one it quotes, the actor and the user of a reaction: 2 × 460,400 + 2 × 9,400 = 939,600, which
   * leaves 100 KiB for an answer's read pointers.
   */
  mentionedUsers: 30,
  reactionType: 64,
  reactionScore: 1_000,
  reactionTypesPerMessage: 100,
  pageSize: 100,
  pageSizeDefault: 25,
  /** Users that fan-out asks for at once, and members who are told of as changed: 70 × 9,400 bytes. */
  usersOfEvents: 70,
  upsertUsers: 100,
  membersPerCall: 100,
  nodeIds: 100,
  /** For the same reason: a member takes up to 14,700 bytes, a user's 9,400 and custom data 5,120 of its own, so 50 and the actor take 744,400. */
  membersPerEvent: 50,
  filterDepth: 6,
  filterNodes: 60,
  filterValues: 100,
  customPath: 128,
  sorts: 3,
  requestBytes: 128 * 1024,
  /** Levels of lists and objects in any JSON that is sent in, and of brackets in a document. */
  jsonDepth: 64,
  /** The same without a token: a query for the schema, as tools send it, takes 2 KiB. */
  strangerRequestBytes: 8 * 1024,
  queryTokens: 2_000,
  queryDepth: 12,
  queryAliases: 30,
  queryDirectives: 30,
  /** Characters of an alias, which comes again with every item and every error. */
  queryAlias: 128,
  /** Fields of a query, each list counted with its page size. */
  queryCost: 30_000,
  /** The same with every other list counted too, with as many items as it may hold. */
  queryFields: 400_000,
  /** Of what it asks of the schema itself; the usual introspection query needs 111,000, and is answered with about as many bytes. */
  queryIntrospection: 150_000,
  /** Pairs of fields that are answered under one name, which validation compares. */
  queryComparisons: 2_000,
  /** Characters of an error's message. */
  errorMessage: 1_000,
  /** One answer over HTTP; over a socket it is one bus message, which holds 1 MiB. */
  answerBytes: 8 * 1024 * 1024,
  /** Bytes read from the database for one answer, whatever is selected of them. */
  answerRowsBytes: 16 * 1024 * 1024,
  socketFrameBytes: 128 * 1024,
  /** Bytes of a ping's payload that come back with the pong. */
  pingPayloadBytes: 1024,
  /** Bytes waiting to be sent on one socket before it is closed with a code that makes the SDK resume. */
  socketBufferedBytes: 1024 * 1024,
  socketsPerUser: 50,
  subscriptionsPerSocket: 300,
  /**
   * Budget of one user on one fan-out node, over all its sockets and event streams; a token that speaks for nobody counts as its key. Operations
   * may come in a burst of as many as there may be subscriptions, since a client that comes back resumes all of them.
   */
  subscriptionsPerUser: 3_000,
  /** Users whose presence is watched, each counted once. */
  presenceUserIdsPerUser: 5_000,
  /** Bytes that the node keeps: subscriptions, their documents and variables, watched users, requests that wait. */
  retainedBytesPerUser: 16 * 1024 * 1024,
  /** Bytes that wait for connections that read too slowly, together. */
  bufferedBytesPerUser: 8 * 1024 * 1024,
  inboundBytesPerUserPerSecond: 2 * 1024 * 1024,
  /** How long the node works for one user in a second, ms; what is more waits its turn. */
  processingMsPerUserPerSecond: 200,
  /** Connections whose token was not looked at yet, from one address and from all; what is more waits to be let in. */
  strangersPerAddress: 2_000,
  strangers: 4_000,
  /** Of a socket whose token was not accepted yet. */
  strangerFrameBytes: 16 * 1024,
  /** Tokens from one address that were refused, in a minute; past it none is looked at. */
  refusedTokensPerAddressPerMinute: 120,
  connectionInitMs: 3_000,
  /** A page of replayed events, and the bytes after which it is cut short (a bus message holds 1 MiB). */
  eventsPage: 100,
  eventsPageBytes: 600 * 1024,
  /** One event: above what `mentionedUsers` and `membersPerEvent` allow for, and with the rest of an answer still below what a bus message holds. */
  eventBytes: 920 * 1024,
  /** Operations of one user, and of one key, in a minute, on one node. */
  userOperationsPerMinute: 1_500,
  keyOperationsPerMinute: 120_000,
  /**
   * Requests without a valid token in a minute, of one address and of all together, on one node. One that asks for the schema counts as ten. IPv6
   * addresses are counted by their first 64 bits.
   */
  strangerRequestsPerMinute: 300,
  strangersRequestsPerMinute: 6_000,
  tokenClockToleranceSeconds: 30,
} as const satisfies Record<keyof typeof clientLimits, number> & Record<string, number>;

export type LimitName = keyof typeof limits;
