/**
 * Subjects of the bus. NATS separates tokens by `.` and gives `*` and `>` a meaning; of these only `.` can occur in our ids, so it alone is
 * replaced, by a character that no id may hold. https://docs.nats.io/nats-concepts/subjects
 */
const token = (id: string): string => id.replaceAll('.', '~');

const root = 'parley';

export const subjects = {
  /** {@link ChannelBusMessage}: what happens in one channel. */
  channel: (appId: string, channelId: string): string => `${root}.${token(appId)}.channel.${token(channelId)}`,
  /** {@link UserBusMessage}: notices for one user. */
  user: (appId: string, userId: string): string => `${root}.${token(appId)}.user.${token(userId)}`,
  /** {@link PresenceBusMessage}: one user's comings and goings. */
  presence: (appId: string, userId: string): string => `${root}.${token(appId)}.presence.${token(userId)}`,
  /** {@link AppBusMessage}: notices for every socket of an app. */
  app: (appId: string): string => `${root}.${token(appId)}.app`,
  /** {@link HeartbeatBusMessage}: heartbeats of fan-out nodes to each other. */
  heartbeats: (): string => `${root}.fanout.heartbeats`,
  /** {@link ChangesBusMessage}: changed channels, from API node to API node. */
  changes: (): string => `${root}.api.changes`,
  /** Requests to the API; every API node answers from one queue group. */
  rpc: (method: string): string => `${root}.rpc.${method}`,
} as const;

/**
 * Where fan-out nodes send probes. The ids of apps are made by us and never hold a `!`, so that no tenant can have this one, no token can speak for
 * it, and no API node knows the channel.
 */
export const reservedChannel = { appId: '!parley', channelId: 'canary:probes' } as const;

/** Queue group of the API nodes. */
export const apiQueue = 'parley-api';
