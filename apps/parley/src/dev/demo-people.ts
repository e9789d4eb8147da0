import type { Logger } from '@parley/service-kit';
import type { Addresses } from './addresses.ts';
import { peerId, seedConversations, seedPeople } from './conversation.ts';
import type { DemoApp } from './demo-app.ts';
import { demoBackend } from './demo-routes.ts';
import { startPeer } from './peer.ts';

export interface DemoPeopleOptions {
  readonly addresses: Addresses;
  readonly app: DemoApp;
  /** The seeded conversations, and somebody who answers in them. */
  readonly demo: boolean;
  readonly logger: Logger;
}

/** Who is in the demo app, and how to be one of them. */
export interface DemoPeople {
  /** User id → token that holds for a day. */
  readonly tokens: Readonly<Record<string, string>>;
  /** Sends the simulated peer away. */
  leave(): void;
}

const hourSeconds = 3_600;

/** Brings people, and with `demo` their conversations and the simulated peer, to a platform that is open. */
export async function bringPeople({ addresses, app, demo, logger }: DemoPeopleOptions): Promise<DemoPeople> {
  const backend = demoBackend(addresses, app);
  await seedPeople(backend);
  let leave = () => {};
  if (demo) {
    await seedConversations(backend, app.appId);
    leave = await startPeer({
      url: addresses.graphqlUrl,
      userId: peerId,
      channelIds: ['messaging:welcome'],
      getToken: () => backend.mintUserToken(peerId, { expiresInSeconds: hourSeconds }),
      logger,
    });
  }
  const day = { expiresInSeconds: 24 * hourSeconds };
  const [ada, bob] = await Promise.all([backend.mintUserToken('ada', day), backend.mintUserToken('bob', day)]);
  return { tokens: { ada, bob }, leave };
}
