import { subjects } from '@parley/contracts/bus';
import { createMemoryBus } from '@parley/service-kit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newApp } from '../../../test/chat.ts';
import { eventually } from '../../../test/eventually.ts';
import { createGround, type Ground, type Node } from '../../../test/ground.ts';
import { mintToken } from '../../../test/tokens.ts';
import { createPublisher } from '../../platform/publisher.ts';
import { createAccessChanges } from './service.ts';

let ground: Ground;
let node: Node;
beforeAll(async () => {
  ground = await createGround();
  node = await ground.node();
});
afterAll(() => ground.close());

const notice = { kind: 'access', at: expect.stringMatching(/^20.*Z$/) };

async function tenant() {
  const key = await newApp(node);
  const { actor: server } = await node.auth.open(await mintToken(key, null, { scope: 'server' }), null);
  const notices: { readonly subject: string; readonly message: unknown }[] = [];
  const listen = (subject: string) =>
    node.bus.subscribe(subject, (payload) => notices.push({ subject, message: JSON.parse(payload) }));
  return { ...key, server, notices, listen };
}

describe('who has another app role than before', () => {
  test('is published to the nodes, and to nobody else', async () => {
    const { appId, server, notices, listen } = await tenant();
    await node.users.upsert(server, [{ id: 'ada', role: 'admin' }, { id: 'bob' }]);
    const ada = listen(subjects.user(appId, 'ada'));
    const bob = listen(subjects.user(appId, 'bob'));
    await Promise.all([ada.ready, bob.ready]);
    await node.users.upsert(server, [
      { id: 'ada', name: 'Ada' },
      { id: 'bob', name: 'Bob' },
    ]);
    // By the node that changed it, and once more by whoever looks at the database.
    await eventually(() =>
      expect(notices).toEqual([
        { subject: subjects.user(appId, 'ada'), message: notice },
        { subject: subjects.user(appId, 'ada'), message: notices[0]?.message },
      ]),
    );
  });
});

test.each([
  [
    'a role',
    async (t: Awaited<ReturnType<typeof tenant>>) => {
      await node.users.upsert(t.server, [{ id: 'ada', role: 'admin' }]);
      await node.users.upsert(t.server, [{ id: 'ada' }]);
      return 'ada';
    },
  ],
  ['revoked tokens of a user', (t) => node.apps.revokeTokens(t.server, { userId: 'ada' }).then(() => 'ada')],
  ['a deleted user', (t) => node.users.delete(t.server, ['ada']).then(() => 'ada')],
  [
    'a deleted user who is back',
    async (t) => {
      await node.users.delete(t.server, ['ada']);
      await node.db.query('UPDATE users SET access_changed_at = NULL WHERE app_id = $1', [t.appId]);
      await node.users.upsert(t.server, [{ id: 'ada' }]);
      return 'ada';
    },
  ],
  ['revoked tokens of an app', (t) => node.apps.revokeTokens(t.server, {}).then(() => null)],
  ['allowed origins', (t) => node.apps.setAllowedOrigins(t.appId, ['https://a.example']).then(() => null)],
  [
    'a revoked key',
    async (t) => {
      await node.apps.createKey(t.appId);
      await node.apps.revokeKey(t.appId, t.keyId);
      return null;
    },
  ],
] satisfies [string, (t: Awaited<ReturnType<typeof tenant>>) => Promise<string | null>][])(
  'a node that was not notified finds %s in the database',
  async (_name, change) => {
    const one = await tenant();
    const other = await tenant();
    const userId = await change(one);
    const { changes } = await node.accessChanges.recent({ appIds: [one.appId], since: null });
    expect(changes).toEqual([{ appId: one.appId, userId, at: expect.stringMatching(/^20.*Z$/) }]);
    expect(await node.accessChanges.recent({ appIds: [other.appId], since: null })).toMatchObject({ changes: [] });
    const later = new Date(Date.now() + 60_000).toISOString();
    expect(await node.accessChanges.recent({ appIds: [one.appId], since: later })).toMatchObject({ changes: [] });
  },
);

test('what changes nothing of what one may see is no change', async () => {
  const { appId, server } = await tenant();
  await node.users.upsert(server, [{ id: 'ada', role: 'moderator' }]);
  await node.users.upsert(server, [{ id: 'ada', role: 'moderator', name: 'Ada' }]);
  const { actor: ada } = await node.auth.open(await mintToken(await newApp(node), 'ada'), null);
  await node.users.updateMe(ada, { name: 'A' });
  expect((await node.accessChanges.recent({ appIds: [appId], since: null })).changes).toEqual([]);
});

test('very many changes are published as whole apps, so that none is left out', async () => {
  const own = await createGround();
  const busy = await own.node();
  const { appId } = await newApp(busy);
  const ids = Array.from({ length: 2_100 }, (_, index) => `u${index}`);
  await busy.db.query('INSERT INTO users (app_id, user_id, access_changed_at) SELECT $1, unnest($2::text[]), now()', [
    appId,
    ids,
  ]);
  const { changes } = await busy.accessChanges.recent({ appIds: [appId], since: null });
  expect(changes).toMatchObject([{ appId, userId: null }]);
  await own.close();
});

test('a node publishes each change once, also one that a node which died had not published', async () => {
  const { appId, server } = await tenant();
  // It commits, and dies before it publishes.
  await node.users.upsert(server, [{ id: 'ada', role: 'admin' }]);
  await node.users.upsert(server, [{ id: 'ada' }]);
  const bus = createMemoryBus();
  const notices: unknown[] = [];
  await bus.subscribe(subjects.user(appId, 'ada'), (payload) => notices.push(JSON.parse(payload))).ready;
  const living = createAccessChanges({ sql: node.db, publisher: createPublisher({ bus, epoch: { current: '' } }) });
  await living.notifyNew();
  await living.notifyNew();
  await eventually(() => expect(notices).toEqual([notice]));
  await node.users.upsert(server, [{ id: 'ada', role: 'admin' }]);
  await living.notifyNew();
  await eventually(() => expect(notices).toHaveLength(2));
  await bus.close();
});
