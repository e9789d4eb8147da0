import type { User } from '@parley/contracts';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newApp } from '../../../test/chat.ts';
import { eventually } from '../../../test/eventually.ts';
import { createGround, type Ground, type Node } from '../../../test/ground.ts';
import { createStatementCounter } from '../../../test/statements.ts';
import { mintToken } from '../../../test/tokens.ts';
import type { Actor } from '../../platform/actor.ts';
import type { UserFilter, UserQuery, UserSort } from './service.ts';

let ground: Ground;
let node: Node;
beforeAll(async () => {
  ground = await createGround();
  node = await ground.node();
});
afterAll(() => ground.close());

async function tenant() {
  const key = await newApp(node);
  const actor = async (userId: string | null, scope?: string): Promise<Actor> =>
    (await node.auth.open(await mintToken(key, userId, scope === undefined ? {} : { scope }), null)).actor;
  return { ...key, actor, server: await actor(null, 'server') };
}

describe('upserting', () => {
  test('creates, then replaces whole, in the order given', async () => {
    const { server } = await tenant();
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

  test('brings a deleted user back', async () => {
    const { server, appId } = await tenant();
    await node.users.upsert(server, [{ id: 'ada' }]);
    await node.db.query('UPDATE users SET deleted_at = now() WHERE app_id = $1', [appId]);
    expect((await node.users.get(server, 'ada'))?.deletedAt).toMatch(/Z$/);
    expect(await node.users.upsert(server, [{ id: 'ada' }])).toMatchObject([{ deletedAt: null }]);
  });

  test('the same users in two orders at once is no deadlock', async () => {
    const { server, appId } = await tenant();
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
    const { server, appId } = await tenant();
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
    const { server } = await tenant();
    await expect(node.users.upsert(server, users)).rejects.toMatchObject({
      code: 'invalid_input',
      details: limit === undefined ? { field } : { field, limit },
    });
  });

  test('is for back ends only, one that acts as a user too', async () => {
    const { actor } = await tenant();
    await expect(node.users.upsert(await actor('ada'), [{ id: 'bob' }])).rejects.toMatchObject({ code: 'forbidden' });
    expect(await node.users.upsert(await actor('ada', 'server'), [{ id: 'bob' }])).toHaveLength(1);
  });
});

describe('a user', () => {
  test('changes of itself what it names, and keeps the rest', async () => {
    const { actor, server } = await tenant();
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
    const { server } = await tenant();
    await expect(node.users.me(server)).rejects.toMatchObject({ code: 'forbidden' });
    await expect(node.users.updateMe(server, { name: 'x' })).rejects.toMatchObject({ code: 'forbidden' });
  });

  test('of another app is not seen', async () => {
    const [one, other] = [await tenant(), await tenant()];
    await node.users.upsert(one.server, [{ id: 'ada' }]);
    expect(await node.users.get(other.server, 'ada')).toBeNull();
    expect((await node.users.search(other.server, {})).edges).toEqual([]);
    expect(await node.users.byIds(other.appId, ['ada'])).toEqual(new Map());
  });

  test('many by id cost one statement', async () => {
    const { server, appId } = await tenant();
    await node.users.upsert(server, [{ id: 'ada' }, { id: 'bob' }]);
    const find = () => node.users.byIds(appId, ['ada', 'bob', 'ada', 'none']);
    const { value, statements } = await createStatementCounter(node.db).during(find);
    expect([...value.keys()].toSorted()).toEqual(['ada', 'bob']);
    expect(statements).toHaveLength(1);
  });
});

describe('searching', () => {
  const names = ['', 'Ada', 'ada', 'Bob', 'Éva', 'Zoë', '🎈', 'a%_b', null];

  async function crowd() {
    const { server, appId } = await tenant();
    const inputs = Array.from({ length: 60 }, (_, index) => ({
      id: `${index % 2 === 0 ? 'U' : 'u'}${index}`,
      name: names[index % names.length] ?? null,
      role: index % 5 === 0 ? 'admin' : 'user',
    }));
    await node.users.upsert(server, inputs);
    await node.db.query(
      `UPDATE users SET last_active_at = CASE WHEN role = 'admin' THEN now() - (length(user_id) || ' minutes')::interval END WHERE app_id = $1`,
      [appId],
    );
    await node.presence.renew('n', 60_000, [
      { appId, userId: 'U0' },
      { appId, userId: 'u7' },
    ]);
    const all = [
      ...(
        await node.users.byIds(
          appId,
          inputs.map((input) => input.id),
        )
      ).values(),
    ];
    return { server, all };
  }

  async function pages(actor: Actor, query: UserQuery): Promise<User[]> {
    const found: User[] = [];
    let after: string | null = null;
    for (;;) {
      const page = await node.users.search(actor, { ...query, after });
      found.push(...page.edges.map((edge) => edge.node));
      if (!page.hasNextPage) return found;
      after = page.edges.at(-1)?.cursor ?? null;
    }
  }

  const order = (sort: readonly UserSort[]) => (a: User, b: User) => {
    const value = (user: User, field: UserSort['field']) =>
      ({ ID: user.id, NAME: user.name ?? '', LAST_ACTIVE_AT: user.lastActiveAt ?? '', CREATED_AT: user.createdAt })[
        field
      ];
    for (const { field, direction } of [...sort, { field: 'ID', direction: 'ASC' } as const]) {
      // By code point, as PostgreSQL's "C" compares UTF-8.
      const compared = Buffer.compare(Buffer.from(value(a, field)), Buffer.from(value(b, field)));
      if (compared !== 0) return direction === 'ASC' ? compared : -compared;
    }
    return 0;
  };

  const text = fc.constantFrom('', 'A', 'a', 'd', 'Ada', 'U1', 'u', '%', '_', '🎈', 'é');
  const strings = fc.record(
    { eq: text, in: fc.array(text, { maxLength: 3 }), contains: text, startsWith: text },
    { requiredKeys: [] },
  );
  const leaf = fc.record(
    {
      id: fc.record(
        { eq: fc.constantFrom('U0', 'u1'), in: fc.array(fc.constantFrom('U0', 'u1', 'x')) },
        { requiredKeys: [] },
      ),
      name: strings,
      role: strings,
      online: fc.boolean(),
    },
    { requiredKeys: [] },
  );
  const filters: fc.Arbitrary<UserFilter> = fc.letrec<{ filter: UserFilter }>((tie) => ({
    filter: fc.oneof(
      { maxDepth: 2 },
      leaf,
      fc.record(
        { and: fc.array(tie('filter'), { maxLength: 2 }), or: fc.array(tie('filter'), { maxLength: 2 }) },
        { requiredKeys: [] },
      ),
    ),
  })).filter;
  const sorts: fc.Arbitrary<UserSort[]> = fc.uniqueArray(
    fc.record({
      field: fc.constantFrom('ID', 'NAME', 'LAST_ACTIVE_AT', 'CREATED_AT'),
      direction: fc.constantFrom('ASC', 'DESC'),
    }),
    { selector: (sort) => sort.field, maxLength: 3 },
  );

  const matchesText = (filter: NonNullable<UserFilter['name']>, value: string | null) =>
    (filter.eq === undefined || value === filter.eq) &&
    (!filter.in || (value !== null && filter.in.includes(value))) &&
    (typeof filter.contains !== 'string' || value?.includes(filter.contains) === true) &&
    (typeof filter.startsWith !== 'string' || value?.startsWith(filter.startsWith) === true);
  const matches = (filter: UserFilter, user: User): boolean =>
    (filter.and ?? []).every((part) => matches(part, user)) &&
    (!filter.or || filter.or.some((part) => matches(part, user))) &&
    (!filter.id || matchesText(filter.id, user.id)) &&
    (!filter.name || matchesText(filter.name, user.name)) &&
    (!filter.role || matchesText(filter.role, user.role)) &&
    (typeof filter.online !== 'boolean' || user.online === filter.online);

  test('finds, in order and over any number of pages, exactly those that match', async () => {
    const { server, all } = await crowd();
    await fc.assert(
      fc.asyncProperty(filters, sorts, fc.integer({ min: 7, max: 100 }), async (filter, sort, first) => {
        const expected = all.filter((user) => matches(filter, user)).toSorted(order(sort));
        expect((await pages(server, { filter, sort, first })).map((user) => user.id)).toEqual(
          expected.map((user) => user.id),
        );
      }),
      { numRuns: 150 },
    );
  });

  test('leaves deleted users out', async () => {
    const { server, appId } = await tenant();
    await node.users.upsert(server, [{ id: 'ada' }, { id: 'bob' }]);
    await node.db.query(`UPDATE users SET deleted_at = now() WHERE app_id = $1 AND user_id = 'bob'`, [appId]);
    expect((await pages(server, {})).map((user) => user.id)).toEqual(['ada']);
  });

  const deep = (levels: number): UserFilter => (levels === 0 ? { online: true } : { and: [deep(levels - 1)] });
  test.each<[string, UserQuery, string]>([
    ['a page over 100', { first: 101 }, 'first'],
    ['a page of none', { first: 0 }, 'first'],
    ['a cursor of its own making', { after: 'xxx' }, 'after'],
    ['a cursor with other things in it', { after: Buffer.from('[1]').toString('base64url') }, 'after'],
    ['a deep filter', { filter: deep(7) }, 'filter'],
    ['a wide filter', { filter: { or: Array.from({ length: 70 }, () => ({ online: true })) } }, 'filter'],
    ['a long list', { filter: { id: { in: Array.from({ length: 101 }, (_, index) => `${index}`) } } }, 'filter.id'],
    ['text that no database holds', { filter: { name: { contains: '\0' } } }, 'filter.name'],
    [
      'a field twice in the order',
      {
        sort: [
          { field: 'ID', direction: 'ASC' },
          { field: 'ID', direction: 'DESC' },
        ],
      },
      'sort',
    ],
  ])('refuses %s', async (_name, query, field) => {
    const { server } = await tenant();
    await expect(node.users.search(server, query)).rejects.toMatchObject({ code: 'invalid_input', details: { field } });
  });

  test('refuses the cursor of another order', async () => {
    const { server } = await tenant();
    await node.users.upsert(server, [{ id: 'ada' }, { id: 'bob' }]);
    const page = await node.users.search(server, { first: 1, sort: [{ field: 'NAME', direction: 'ASC' }] });
    await expect(node.users.search(server, { after: page.edges[0]?.cursor })).rejects.toThrow('in another order');
  });
});
