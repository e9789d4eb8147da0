/** Limits that a client checks or keeps itself. Apart from the others, so that its bundle holds no more than these. */
export const clientLimits = {
  userId: 255,
  channelKey: 64,
  messageText: 10_000,
  typingMs: 7_000,
  presenceUserIds: 200,
  operationsPerUserPerSecond: 50,
} as const;
