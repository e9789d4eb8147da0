import type { Principal } from '@parley/contracts/bus';
import { answerEach, type Bus, type RpcServer, serveRpc } from '@parley/service-kit';
import { watcher } from './broadcaster.ts';

const at = '2026-01-01T00:00:00.000Z';

/**
 * Answers over the bus what a fan-out node asks the API, with as little as there can be: a token is the name of its user, every channel may be
 * watched and is as long as `headOf` says, every inbox is empty.
 */
export function serveStubApi(bus: Bus, headOf: (channelId: string) => number): RpcServer {
  return serveRpc(bus, {
    'session.open': answerEach(async ({ token }) => principalOf(token)),
    'session.check': answerEach(async () => ({})),
    'channel.join': answerEach(async ({ channelId }) => ({ epoch: 'bench', head: headOf(channelId), floor: 0 })),
    'channel.events': answerEach(async ({ channelId }) => ({
      epoch: 'bench',
      head: headOf(channelId),
      floor: 0,
      events: [],
    })),
    'channel.heads': async ({ channels }) => ({
      epoch: 'bench',
      heads: channels.map(({ channelId }) => headOf(channelId)),
    }),
    'channel.reads': answerEach(async ({ channelId }) => ({ head: headOf(channelId), reads: [] })),
    'channel.authorize': answerEach(async () => ({})),
    'inbox.open': answerEach(async () => ({
      events: [
        { __typename: 'InboxSynced' as const, cursor: '1', epoch: 'bench', at, totalUnread: 0, unreadChannels: 0 },
      ],
      next: null,
    })),
    'presence.read': answerEach(async () => ({ events: [] })),
    'access.recent': async () => ({ since: at, changes: [] }),
    'presence.renew': async () => ({}),
    'presence.release': async () => ({}),
    'graphql.execute': async () => ({ data: { me: { id: 'me' } } }),
  });
}

function principalOf(token: string): Principal {
  const now = Math.floor(Date.now() / 1_000);
  return { appId: watcher.appId, keyId: 'key', scope: 'user', userId: token, issuedAt: now, expiresAt: now + 86_400 };
}
