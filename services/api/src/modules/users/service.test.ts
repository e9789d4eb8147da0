import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually } from '../../../test/eventually.ts';
import { createGround, type Ground, type Node } from '../../../test/ground.ts';
import { createStatementCounter } from '../../../test/statements.ts';
import { createTenant } from '../../../test/tenant.ts';

let ground: Ground;
let node: Node;
beforeAll(async () => {
  ground = await createGround();
  node = await ground.node();
});
afterAll(() => ground.close());

describe('upserting', () => {
  test('creates, then replaces whole, in the order given', async () => {
    const { server } = await createTenant(node);
    const made = await node.users.upsert(server, [
      { id: 'bob', name: 'Bob', image: 'https://example.com/b.png', role: 'admin', custom: { team: { id: 7 } } },
      { id: 'ada' },
    ]);
    expect(made).toMatchObject([
      {
        id: 'bob',
        name: 'Bob',
        image: 'https://example.com/b.png',
        role: 'admin',
        custom: { team: { id: 7 } },
        online: false,
      },
      { id: 'ada', name: null, image: null, role: 'user', custom: {}, lastActiveAt: null, deletedAt: null },
    ]);
    const [bob] = await node.users.upsert(server, [{ id: 'bob' }]);
    expect(bob).toMatchObject({ name: null, image: null, role: 'user', custom: {}, createdAt: made[0]?.createdAt });
  });

  test.each(['\u200B\u200D', '  ', '\u0301'])('refuses the name %j, of which nobody sees anything', async (name) => {
    const { server } = await createTenant(node);
    await expect(node.users.upsert(server, [{ id: 'ada', name }])).rejects.toMatchObject({
      code: 'invalid_input',
      details: { field: 'users.0.name' },
    });
  });

  test('brings a deleted user back', async () => {
    const { server, appId } = await createTenant(node);
    await node.users.upsert(server, [{ id: 'ada' }]);
    await node.db.query('UPDATE users SET deleted_at = now() WHERE app_id = $1', [appId]);
    expect((await node.users.get(server, 'ada'))?.deletedAt).toMatch(/Z$/);
    expect(await node.users.upsert(server, [{ id: 'ada' }])).toMatchObject([{ deletedAt: null }]);
  });

  test('the same users in two orders at once is no deadlock', async () => {
    const { server, appId } = await createTenant(node);
    const users = ['a', 'b', 'c'].map((id) => ({ id }));
    await node.users.upsert(server, users);
    const both = await node.db.transaction(async (sql) => {
      await sql.query(`SELECT 1 FROM users WHERE app_id = $1 AND user_id = 'b' FOR UPDATE`, [appId]);
      const calls = [node.users.upsert(server, users), node.users.upsert(server, users.toReversed())];
      await eventually(async () => {
        const waiting = `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
        expect(await node.db.query(waiting)).toHaveLength(2);
      });
      return { calls };
    });
    expect(await Promise.all(both.calls)).toHaveLength(2);
  });

  test('stores all or nothing', async () => {
    const { server, appId } = await createTenant(node);
    await expect(node.users.upsert(server, [{ id: 'ada' }, { id: 'not an id' }])).rejects.toMatchObject({
      code: 'invalid_input',
    });
    expect(await node.users.byIds(appId, ['ada'])).toEqual(new Map());
  });

  test.each([
    ['a bad id', [{ id: 'a b' }], 'users.0.id', 255],
    ['an empty id', [{ id: '' }], 'users.0.id', 255],
    ['a long name', [{ id: 'a', name: 'x'.repeat(256) }], 'users.0.name', 255],
    ['a name that no database holds', [{ id: 'a', name: 'x\0' }], 'users.0.name', undefined],
    ['half a character', [{ id: 'a', name: '\ud800' }], 'users.0.name', undefined],
    ['a script for an image', [{ id: 'a', image: 'javascript:alert(1)' }], 'users.0.image', undefined],
    ['a role that is none', [{ id: 'a', role: 'Super User' }], 'users.0.role', 64],
    ['large custom data', [{ id: 'a' }, { id: 'b', custom: { text: 'é'.repeat(2_600) } }], 'users.1.custom', 5_120],
    ['a user twice', [{ id: 'a' }, { id: 'a' }], 'users.1.id', undefined],
    ['over 100 users', Array.from({ length: 101 }, (_, index) => ({ id: `u${index}` })), 'users', 100],
  ])('refuses %s', async (_name, users, field, limit) => {
    const { server } = await createTenant(node);
    await expect(node.users.upsert(server, users)).rejects.toMatchObject({
      code: 'invalid_input',
      details: limit === undefined ? { field } : { field, limit },
    });
  });

  test('is for back ends only, one that acts as a user too', async () => {
    const { actor } = await createTenant(node);
    await expect(node.users.upsert(await actor('ada'), [{ id: 'bob' }])).rejects.toMatchObject({ code: 'forbidden' });
    expect(await node.users.upsert(await actor('ada', 'server'), [{ id: 'bob' }])).toHaveLength(1);
  });
});

describe('a user', () => {
  test('changes of itself what it names, and keeps the rest', async () => {
    const { actor, server } = await createTenant(node);
    await node.users.upsert(server, [{ id: 'ada', name: 'Ada', role: 'admin', custom: { a: 1 } }]);
    const ada = await actor('ada');
    expect(await node.users.updateMe(ada, { image: 'https://example.com/a.png' })).toMatchObject({
      name: 'Ada',
      role: 'admin',
      custom: { a: 1 },
    });
    expect(await node.users.updateMe(ada, { name: null, custom: { b: 2 } })).toMatchObject({
      name: null,
      image: 'https://example.com/a.png',
      custom: { b: 2 },
    });
    expect(await node.users.me(ada)).toMatchObject({ id: 'ada', custom: { b: 2 } });
  });

  test('is nobody behind a server token without sub', async () => {
    const { server } = await createTenant(node);
    await expect(node.users.me(server)).rejects.toMatchObject({ code: 'forbidden' });
    await expect(node.users.updateMe(server, { name: 'x' })).rejects.toMatchObject({ code: 'forbidden' });
  });

  test('of another app is not seen', async () => {
    const [one, other] = [await createTenant(node), await createTenant(node)];
    await node.users.upsert(one.server, [{ id: 'ada' }]);
    expect(await node.users.get(other.server, 'ada')).toBeNull();
    expect((await node.users.search(other.server, {})).edges).toEqual([]);
    expect(await node.users.byIds(other.appId, ['ada'])).toEqual(new Map());
  });

  test('many by id cost one statement', async () => {
    const { server, appId } = await createTenant(node);
    await node.users.upsert(server, [{ id: 'ada' }, { id: 'bob' }]);
    const find = () => node.users.byIds(appId, ['ada', 'bob', 'ada', 'none']);
    const { value, statements } = await createStatementCounter(node.db).during(find);
    expect([...value.keys()].toSorted()).toEqual(['ada', 'bob']);
    expect(statements).toHaveLength(1);
  });
});
