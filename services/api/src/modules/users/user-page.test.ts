import { foldText, limits, type User } from '@parley/contracts';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createGround, type Ground, type Node } from '../../../test/ground.ts';
import { createTenant } from '../../../test/tenant.ts';
import type { Actor } from '../../platform/actor.ts';
import type { UserFilter, UserQuery, UserSort } from './service.ts';

let ground: Ground;
let node: Node;
beforeAll(async () => {
  ground = await createGround();
  node = await ground.node();
});
afterAll(() => ground.close());

describe('searching', () => {
  const names = ['', 'Ada', 'ada', 'Bob', 'Éva', 'Zoë', '🎈', 'a%_b', null];

  async function manyUsers() {
    const { server, appId } = await createTenant(node);
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
      ({
        ID: user.id,
        NAME: foldText(user.name ?? '') || foldText(user.id),
        LAST_ACTIVE_AT: user.lastActiveAt ?? '',
        CREATED_AT: user.createdAt,
      })[field];
    for (const { field, direction } of [...sort, { field: 'ID', direction: 'ASC' } as const]) {
      // By code point, as PostgreSQL's "C" compares UTF-8.
      const compared = Buffer.compare(Buffer.from(value(a, field)), Buffer.from(value(b, field)));
      if (compared !== 0) return direction === 'ASC' ? compared : -compared;
    }
    return 0;
  };

  const text = fc.constantFrom(
    '',
    'A',
    'a',
    'd',
    'Ada',
    'U1',
    'u',
    '%',
    '_',
    '🎈',
    'é',
    'E\u0301',
    '\u0301',
    ' A',
    'ς',
    'Σ',
  );
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
      search: text,
      online: fc.boolean(),
    },
    { requiredKeys: [] },
  );
  /** At least as many as the limit counts. */
  const partsOf = (value: unknown): number =>
    typeof value === 'object' && value !== null
      ? Object.values(value).reduce((sum: number, part) => sum + partsOf(part), 1)
      : 1;
  const filters: fc.Arbitrary<UserFilter> = fc
    .letrec<{ filter: UserFilter }>((tie) => ({
      filter: fc.oneof(
        { maxDepth: 2 },
        leaf,
        fc.record(
          { and: fc.array(tie('filter'), { maxLength: 2 }), or: fc.array(tie('filter'), { maxLength: 2 }) },
          { requiredKeys: [] },
        ),
      ),
    }))
    .filter.filter((filter) => partsOf(filter) <= limits.filterNodes);
  const sorts: fc.Arbitrary<UserSort[]> = fc.uniqueArray(
    fc.record({
      field: fc.constantFrom('ID', 'NAME', 'LAST_ACTIVE_AT', 'CREATED_AT'),
      direction: fc.constantFrom('ASC', 'DESC'),
    }),
    { selector: (sort) => sort.field, maxLength: 3 },
  );

  const foldsAway = (part: string) => part !== '' && foldText(part) === '';
  const holds = (value: string | null, part: string) =>
    value !== null && !foldsAway(part) && foldText(value).includes(foldText(part));
  const begins = (value: string | null, part: string) =>
    value !== null && !foldsAway(part) && foldText(value).startsWith(foldText(part));
  const matchesText = (filter: NonNullable<UserFilter['name']>, value: string | null) =>
    (filter.eq === undefined || value === filter.eq) &&
    (!filter.in || (value !== null && filter.in.includes(value))) &&
    (typeof filter.contains !== 'string' || holds(value, filter.contains)) &&
    (typeof filter.startsWith !== 'string' || begins(value, filter.startsWith));
  const matches = (filter: UserFilter, user: User): boolean =>
    (filter.and ?? []).every((part) => matches(part, user)) &&
    (!filter.or || filter.or.some((part) => matches(part, user))) &&
    (!filter.id || matchesText(filter.id, user.id)) &&
    (!filter.name || matchesText(filter.name, user.name)) &&
    (!filter.role || matchesText(filter.role, user.role)) &&
    (typeof filter.search !== 'string' ||
      holds(user.name, filter.search.trim()) ||
      begins(user.id, filter.search.trim())) &&
    (typeof filter.online !== 'boolean' || user.online === filter.online);

  test('finds, in order and over any number of pages, exactly those that match', async () => {
    const { server, all } = await manyUsers();
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

  test.each([
    ['mcdonald', 'McDonald'],
    ['ÉMILE', 'Émile Zola'],
    ['jose', 'Jose\u0301 García'],
    ['garcia', 'Jose\u0301 García'],
    ['οδος', 'ΟΔΟΣ'],
    ['istanbul', 'İstanbul'],
    ['diyarbakir', 'Diyarbakır'],
    ['שלום', 'שָׁלוֹם'],
    ['كتاب', 'كِتَاب'],
    ['ｆｕｌｌ', 'Full width'],
    ['office', 'Oﬃce'],
    ['анна', 'АННА'],
    ['joe-1', null],
    ['JOE', null],
  ])('%s finds %s', async (search, name) => {
    const { server } = await createTenant(node);
    await node.users.upsert(server, [
      { id: 'joe-1', name },
      { id: 'eve', name: 'Eve' },
    ]);
    expect((await pages(server, { filter: { search } })).map(({ id }) => id)).toEqual(['joe-1']);
    if (name !== null)
      expect((await pages(server, { filter: { name: { contains: search } } })).map(({ id }) => id)).toEqual(['joe-1']);
  });

  test('spaces around what is searched for do not count, and accents alone are found in nobody', async () => {
    const { server } = await createTenant(node);
    await node.users.upsert(server, [
      { id: 'ada', name: 'Ada' },
      { id: 'eve', name: 'E\u0301ve' },
    ]);
    const found = async (filter: UserFilter) => (await pages(server, { filter })).map(({ id }) => id);
    expect(await found({ search: ' ada\u00A0' })).toEqual(['ada']);
    expect(await found({ search: '  ' })).toEqual(['ada', 'eve']);
    for (const search of ['\u0301', ' \u064E']) expect(await found({ search })).toEqual([]);
    expect(await found({ name: { contains: '\u0301' } })).toEqual([]);
    expect(await found({ name: { startsWith: '\u0301' } })).toEqual([]);
  });

  test('leaves deleted users out', async () => {
    const { server, appId } = await createTenant(node);
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
    ['a text that nobody searches for', { filter: { search: 'x'.repeat(256) } }, 'filter.search'],
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
    const { server } = await createTenant(node);
    await expect(node.users.search(server, query)).rejects.toMatchObject({ code: 'invalid_input', details: { field } });
  });

  test('orders names as people look for one another, page by page: without regard to case and accents, and by id who has none', async () => {
    const { server } = await createTenant(node);
    const named = { z: 'Zoe', e: 'Émile', a: 'adam', w: 'Walter', f: 'Eva' };
    await node.users.upsert(server, [...Object.entries(named).map(([id, name]) => ({ id, name })), { id: 'Mike' }]);
    const found: string[] = [];
    for (let after: string | undefined = ''; after !== undefined; ) {
      const query: UserQuery = { first: 2, sort: [{ field: 'NAME', direction: 'ASC' }] };
      const page = await node.users.search(server, after === '' ? query : { ...query, after });
      found.push(...page.edges.map(({ node: user }) => user.name ?? user.id));
      after = page.hasNextPage ? page.edges.at(-1)?.cursor : undefined;
    }
    expect(found).toEqual(['adam', 'Émile', 'Eva', 'Mike', 'Walter', 'Zoe']);
  });

  test('refuses the cursor of another order', async () => {
    const { server } = await createTenant(node);
    await node.users.upsert(server, [{ id: 'ada' }, { id: 'bob' }]);
    const page = await node.users.search(server, { first: 1, sort: [{ field: 'NAME', direction: 'ASC' }] });
    await expect(node.users.search(server, { after: page.edges[0]?.cursor })).rejects.toThrow('in another order');
  });
});
