import type { ChannelFilter, FilterableChannel, JsonObject } from '@parley/contracts';
import { matches } from '@parley/contracts';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { World } from '../../../test/world.ts';
import { createWorld } from '../../../test/world.ts';
import type { Bind } from '../../platform/filter-conditions.ts';
import { filterSql } from './filter-sql.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const people = ['ada', 'bob', 'eve', 'Ada', 'zoë-less'];
const types = ['messaging', 'team', 'livestream'];
const times = ['2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.001Z', '2026-06-15T12:30:00.500Z'];
const words = [
  '',
  'a',
  'ab',
  'AB',
  'é',
  'ünï',
  'UNI',
  'E\u0301',
  'İ',
  'ı',
  '\u0301',
  'כּ',
  'كِ',
  'ك',
  'ΟΔΟΣ',
  'οδος',
  'ﬃ',
  'ß',
  '%',
  '_',
  "'; DROP TABLE channels; --",
  '👩‍👩‍👧',
  'null',
  '1',
];
const numbers = [0, -1, 1, 0.1, 1e21, 5e-324, 2.5];

const word = fc.constantFrom(...words);
const leaf = fc.oneof(
  word,
  fc.constantFrom(...numbers),
  fc.boolean(),
  fc.constant(null),
  fc.constant([{ b: 'a' }, 'a']),
  fc.constant({}),
);
const custom: fc.Arbitrary<JsonObject> = fc.dictionary(
  fc.constantFrom('a', 'b', '0', 'é', ''),
  fc.oneof(leaf, fc.dictionary(fc.constantFrom('a', 'b', '0'), leaf)),
  { maxKeys: 3 },
);

interface Sample extends FilterableChannel {
  readonly unread: boolean;
}

const channel: fc.Arbitrary<Omit<Sample, 'id' | 'memberCount'>> = fc.record({
  type: fc.constantFrom(...types),
  memberIds: fc.subarray(people),
  createdById: fc.option(fc.constantFrom(...people)),
  lastMessageAt: fc.option(fc.constantFrom(...times)),
  custom,
  unread: fc.boolean(),
});

/** Conditions that are null say nothing, as those that are absent. */
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null, freq: 2 });
const range = <T>(bound: fc.Arbitrary<T>) =>
  fc.record({ gt: maybe(bound), gte: maybe(bound), lt: maybe(bound), lte: maybe(bound) }, { requiredKeys: [] });
const text = fc.record(
  { eq: maybe(word), in: maybe(fc.array(word, { maxLength: 3 })), contains: maybe(word), startsWith: maybe(word) },
  { requiredKeys: [] },
);
const person = fc.constantFrom(...people);
const id = (one: fc.Arbitrary<string>) =>
  fc.record({ eq: maybe(one), in: maybe(fc.array(one, { maxLength: 3 })) }, { requiredKeys: [] });
const set = fc.record(
  {
    contains: maybe(fc.array(person, { maxLength: 3 })),
    containsAny: maybe(fc.array(person, { maxLength: 3 })),
    equals: maybe(fc.array(person, { maxLength: 4 })),
  },
  { requiredKeys: [] },
);
const number = fc.constantFrom(...numbers, 2, 3);
const numeric = fc
  .record({ eq: maybe(number) }, { requiredKeys: [] })
  .chain((eq) => range(number).map((bounds) => ({ ...bounds, ...eq })));
const customFilter = fc.record(
  {
    path: fc.constantFrom('a', 'b', 'a.b', 'a.0', '0', 'é', '', 'a.', 'a.b.c'),
    exists: maybe(fc.boolean()),
    string: maybe(text),
    number: maybe(numeric),
    boolean: maybe(fc.boolean()),
  },
  { requiredKeys: ['path'] },
);

const filter = fc.letrec<{ filter: ChannelFilter }>((tie) => ({
  filter: fc.record(
    {
      and: fc.oneof(
        { maxDepth: 2, depthIdentifier: 'filter' },
        fc.constant(null),
        fc.array(tie('filter'), { maxLength: 2 }),
      ),
      or: fc.oneof(
        { maxDepth: 2, depthIdentifier: 'filter' },
        fc.constant(null),
        fc.array(tie('filter'), { maxLength: 2 }),
      ),
      not: fc.oneof({ maxDepth: 2, depthIdentifier: 'filter' }, fc.constant(null), tie('filter')),
      id: maybe(id(fc.integer({ min: 0, max: 39 }).map((at) => `messaging:c${at}`))),
      type: maybe(
        fc.oneof(
          text,
          fc.record({ eq: fc.constantFrom(...types) }),
          fc.record({ startsWith: fc.constantFrom('m', 't') }),
        ),
      ),
      members: maybe(set),
      createdById: maybe(id(person)),
      lastMessageAt: maybe(range(fc.constantFrom(...times))),
      memberCount: maybe(numeric),
      hasUnread: maybe(fc.boolean()),
      custom: maybe(fc.array(customFilter, { maxLength: 2 })),
    },
    { requiredKeys: [] },
  ),
})).filter;

async function store(appId: string, samples: readonly Sample[]): Promise<void> {
  await world.db.query(
    `INSERT INTO channels (app_id, channel_id, type, key, custom, created_by, member_count, last_message_at, seq)
      SELECT $1, s.id, s.type, s.id, s.custom, s."createdById", s."memberCount", s."lastMessageAt", 1
      FROM jsonb_to_recordset($2::jsonb) s(id text, type text, custom jsonb, "createdById" text, "memberCount" int, "lastMessageAt" timestamptz)`,
    [appId, JSON.stringify(samples)],
  );
  const members = samples.flatMap(({ id: channelId, memberIds }) => memberIds.map((userId) => ({ channelId, userId })));
  const gone = samples.flatMap(({ id: channelId, memberIds }) =>
    people.filter((userId) => !memberIds.includes(userId)).map((userId) => ({ channelId, userId })),
  );
  await world.db.query(
    `INSERT INTO members (app_id, channel_id, user_id, left_at)
      SELECT $1, m."channelId", m."userId", CASE WHEN m.gone THEN now() END
      FROM jsonb_to_recordset($2::jsonb) m("channelId" text, "userId" text, gone boolean)`,
    [appId, JSON.stringify([...members, ...gone.map((row) => ({ ...row, gone: true }))])],
  );
  const unread = samples.filter((sample) => sample.unread).map((sample) => sample.id);
  await world.db.query(
    `INSERT INTO messages (app_id, message_id, channel_id, seq, user_id, text) SELECT $1, gen_random_uuid(), unread.id, 1, 'bob', 'x' FROM unnest($2::text[]) unread(id)`,
    [appId, unread],
  );
}

test('SQL and `matches` agree on every channel for every filter', async () => {
  const { appId } = await world.app();
  const seed = Date.now() % 1_000_000;
  const samples = fc
    .sample(channel, { numRuns: 40, seed })
    .map((sample, at): Sample => ({ ...sample, id: `messaging:c${at}`, memberCount: sample.memberIds.length }));
  await store(appId, samples);
  const cases = fc.sample(filter, { numRuns: 800, seed });
  let agreed = 0;
  let held = 0;
  for (let start = 0; start < cases.length; start += 100) {
    const values: unknown[] = [appId];
    const bind: Bind = (value) => `$${values.push(value)}`;
    const conditions = cases
      .slice(start, start + 100)
      .map((each) => filterSql(each, { channel: 'c', viewer: 'v' }, bind));
    const rows = await world.db.query<{ id: string; verdicts: (boolean | null)[] }>(
      `SELECT c.channel_id AS id, ARRAY[${conditions.join(', ')}] AS verdicts FROM channels c
        LEFT JOIN members v ON v.app_id = c.app_id AND v.channel_id = c.channel_id AND v.user_id = 'ada' AND v.left_at IS NULL WHERE c.app_id = $1`,
      values,
    );
    expect(rows).toHaveLength(samples.length);
    for (const row of rows) {
      const sample = samples.find((each) => each.id === row.id);
      if (sample === undefined) throw new Error(`no sample ${row.id}`);
      const viewer = { unreadCount: sample.unread && sample.memberIds.includes('ada') ? 1 : 0 };
      row.verdicts.forEach((verdict, at) => {
        const each = cases[start + at] ?? {};
        const expected = matches(each, sample, viewer);
        expect(verdict, `seed ${seed}: ${JSON.stringify({ filter: each, sample })}`).toBe(expected);
        agreed += 1;
        held += expected ? 1 : 0;
      });
    }
  }
  expect(agreed).toBe(cases.length * samples.length);
  // A test whose filters never hold would prove nothing.
  expect(held).toBeGreaterThan(agreed / 50);
  expect(held).toBeLessThan(agreed * 0.98);
});
