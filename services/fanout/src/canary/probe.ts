import type { TypingChanged } from '@parley/contracts';
import { type ChannelBusMessage, reservedChannel } from '@parley/contracts/bus';

/** The subscription of the canary's client, like that of any client of a channel. */
export const watchProbes = {
  query: `subscription Probes($channelId: ID!) {
    channelEvents(channelId: $channelId) { __typename ... on TypingChanged { parentId user { id } } }
  }`,
  variables: { channelId: reservedChannel.channelId },
};

/** One probe, as it comes out at the end of the path. */
export interface Probe {
  readonly nodeId: string;
  readonly probeId: string;
}

/** The bus message of a probe: an ephemeral event as API nodes publish them, of a kind that leaves nothing behind on the way. */
export function probeMessage({ nodeId, probeId }: Probe, at: string): string {
  const event: TypingChanged = {
    __typename: 'TypingChanged',
    channelId: reservedChannel.channelId,
    at,
    user: {
      id: nodeId,
      name: null,
      image: null,
      role: 'user',
      custom: {},
      online: true,
      lastActiveAt: null,
      createdAt: at,
      updatedAt: at,
      deletedAt: null,
    },
    parentId: probeId,
    typing: false,
  };
  return JSON.stringify({ events: [event] } satisfies ChannelBusMessage);
}

/** Reads a result of {@link watchProbes}: a probe, the sign that the subscription is live, or neither. */
export function readResult(result: unknown): Probe | 'live' | null {
  // Our own server made it from our own document.
  const { data } = result as {
    data?: { channelEvents?: { __typename: string; parentId?: string; user?: { id: string } } };
  };
  const event = data?.channelEvents;
  if (event?.__typename === 'ChannelSynced') return 'live';
  if (event?.parentId === undefined || event.user === undefined) return null;
  return { nodeId: event.user.id, probeId: event.parentId };
}
