import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ChannelFilter } from './channel-filter.ts';
import { type FilterableChannel, matches } from './matches.ts';

const general: FilterableChannel = {
  id: 'messaging:general',
  type: 'messaging',
  memberIds: ['ada', 'bob'],
  createdById: 'ada',
  lastMessageAt: '2026-01-31T12:00:00.000Z',
  memberCount: 2,
  custom: { topic: 'Käse', order: { status: 'open', total: 5 }, urgent: true, nothing: null, tags: ['a'] },
};
const empty: FilterableChannel = {
  id: 'team:empty',
  type: 'team',
  memberIds: [],
  createdById: null,
  lastMessageAt: null,
  memberCount: 0,
  custom: {},
};

const table: readonly (readonly [string, ChannelFilter, boolean, boolean])[] = [
  ['nothing asked', {}, true, true],
  ['nulls ask nothing', { and: null, id: null, type: { eq: null, in: null }, custom: null }, true, true],
  ['id eq', { id: { eq: 'messaging:general' } }, true, false],
  ['id in', { id: { in: ['team:empty', 'x'] } }, false, true],
  ['in nothing', { id: { in: [] } }, false, false],
  ['type startsWith', { type: { startsWith: 'mess' } }, true, false],
  ['type contains, whatever the case', { type: { contains: 'MESS' } }, true, false],
  ['members contains all', { members: { contains: ['ada', 'bob'] } }, true, false],
  ['members contains one more', { members: { contains: ['ada', 'eve'] } }, false, false],
  ['members contains none', { members: { contains: [] } }, true, true],
  ['members containsAny', { members: { containsAny: ['eve', 'bob'] } }, true, false],
  ['members containsAny of none', { members: { containsAny: [] } }, false, false],
  ['members equals in any order', { members: { equals: ['bob', 'ada', 'bob'] } }, true, false],
  ['members equals fewer', { members: { equals: ['bob'] } }, false, false],
  ['members equals nobody', { members: { equals: [] } }, false, true],
  ['createdById of nobody', { createdById: { eq: 'ada' } }, true, false],
  ['not createdById holds for nobody', { not: { createdById: { eq: 'ada' } } }, false, true],
  [
    'not lastMessageAt holds where there is none',
    { not: { lastMessageAt: { gt: '2020-01-01T00:00:00Z' } } },
    false,
    true,
  ],
  [
    'lastMessageAt across offsets',
    { lastMessageAt: { gte: '2026-01-31T14:00:00+02:00', lte: '2026-01-31T12:00:00Z' } },
    true,
    false,
  ],
  ['lastMessageAt lt is strict', { lastMessageAt: { lt: '2026-01-31T12:00:00.000Z' } }, false, false],
  ['memberCount between', { memberCount: { gt: 0, lte: 2 } }, true, false],
  ['hasUnread', { hasUnread: true }, true, false],
  ['hasUnread false', { hasUnread: false }, false, true],
  ['and of nothing', { and: [] }, true, true],
  ['or of nothing', { or: [] }, false, false],
  ['or', { or: [{ type: { eq: 'team' } }, { hasUnread: true }] }, true, true],
  ['several fields must all hold', { type: { eq: 'messaging' }, hasUnread: false }, false, false],
  ['custom by path', { custom: [{ path: 'order.status', string: { eq: 'open' } }] }, true, false],
  ['custom number', { custom: [{ path: 'order.total', number: { gte: 5, lt: 6 } }] }, true, false],
  ['custom boolean', { custom: [{ path: 'urgent', boolean: true }] }, true, false],
  ['custom boolean false is not absence', { custom: [{ path: 'urgent', boolean: false }] }, false, false],
  ['custom exists', { custom: [{ path: 'order', exists: true }] }, true, false],
  ['custom null does not exist', { custom: [{ path: 'nothing', exists: false }] }, true, true],
  ['custom of another type', { custom: [{ path: 'topic', number: { gt: 0 } }] }, false, false],
  ['custom paths do not reach into lists', { custom: [{ path: 'tags.0', exists: true }] }, false, false],
  ['custom paths do not reach into prototypes', { custom: [{ path: 'constructor', exists: true }] }, false, false],
  ['an accent alone is in nothing', { type: { contains: '\u0301' } }, false, false],
  ['nothing begins with an accent alone', { type: { startsWith: '\u0301' } }, false, false],
  ['nothing is in everything', { type: { contains: '', startsWith: '' } }, true, true],
  ['an i without its dot', { type: { contains: 'messagıng' } }, true, false],
  [
    'custom text beyond ASCII',
    { custom: [{ path: 'topic', string: { contains: 'ä', startsWith: 'K' } }] },
    true,
    false,
  ],
];

describe('a filter, for a channel with everything and one with nothing', () => {
  test.each(table)('%s', (_name, filter, forGeneral, forEmpty) => {
    expect(matches(filter, general, { unreadCount: 3 })).toBe(forGeneral);
    expect(matches(filter, empty, { unreadCount: 0 })).toBe(forEmpty);
  });
});

const word = fc.constantFrom('a', 'b', 'ab', 'messaging', 'team', '');
const words = fc.array(word, { maxLength: 3 });
const amount = fc.integer({ min: -1, max: 3 });
const time = fc.constantFrom('2026-01-01T00:00:00Z', '2026-01-01T01:00:00+01:00', '2026-01-02T00:00:00.001Z');
const sometimes = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { freq: 2 });
const texts = fc.record({
  eq: sometimes(word),
  in: sometimes(words),
  contains: sometimes(word),
  startsWith: sometimes(word),
});
const numbers = fc.record({ eq: sometimes(amount), gt: sometimes(amount), lte: sometimes(amount) });

const { filter } = fc.letrec<{ filter: ChannelFilter; leaf: ChannelFilter }>((tie) => ({
  filter: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    tie('leaf'),
    fc.record({ and: fc.array(tie('filter'), { maxLength: 3 }) }),
    fc.record({ or: fc.array(tie('filter'), { maxLength: 3 }) }),
    fc.record({ not: tie('filter') }),
    fc.record({ not: tie('filter'), or: fc.array(tie('filter'), { maxLength: 2 }), hasUnread: fc.boolean() }),
  ),
  leaf: fc.oneof(
    fc.record({ id: fc.record({ eq: sometimes(word), in: sometimes(words) }) }),
    fc.record({ type: texts }),
    fc.record({
      members: fc.record({ contains: sometimes(words), containsAny: sometimes(words), equals: sometimes(words) }),
    }),
    fc.record({ createdById: fc.record({ eq: sometimes(word), in: sometimes(words) }) }),
    fc.record({ lastMessageAt: fc.record({ gt: sometimes(time), lte: sometimes(time) }) }),
    fc.record({ memberCount: numbers }),
    fc.record({ hasUnread: fc.boolean() }),
    fc.record({
      custom: fc.array(
        fc.record({
          path: fc.constantFrom('a', 'a.b', 'b'),
          exists: sometimes(fc.boolean()),
          string: sometimes(texts),
          number: sometimes(numbers),
        }),
        { maxLength: 2 },
      ),
    }),
  ),
}));

const value = fc.oneof(word, amount, fc.boolean(), fc.constant(null));
const channel: fc.Arbitrary<FilterableChannel> = fc.record({
  id: word,
  type: word,
  memberIds: fc.uniqueArray(word, { maxLength: 3 }),
  createdById: fc.option(word),
  lastMessageAt: fc.option(time),
  memberCount: amount,
  custom: fc.dictionary(fc.constantFrom('a', 'b'), fc.oneof(value, fc.dictionary(fc.constant('b'), value))),
});
const viewer = fc.record({ unreadCount: fc.nat({ max: 1 }) });

/** Checks that two filters say the same of every channel. */
function sameFor(make: (one: ChannelFilter, other: ChannelFilter) => readonly [ChannelFilter, ChannelFilter]): void {
  fc.assert(
    fc.property(filter, filter, channel, viewer, (one, other, about, who) => {
      const [left, right] = make(one, other);
      expect(matches(left, about, who)).toBe(matches(right, about, who));
    }),
    { numRuns: 500 },
  );
}

describe('the logic has two values', () => {
  test('De Morgan', () => {
    sameFor((a, b) => [{ not: { and: [a, b] } }, { or: [{ not: a }, { not: b }] }]);
    sameFor((a, b) => [{ not: { or: [a, b] } }, { and: [{ not: a }, { not: b }] }]);
  });
  test('not not', () => sameFor((a) => [{ not: { not: a } }, a]));
  test('a thing or its opposite always holds', () => sameFor((a) => [{ or: [a, { not: a }] }, {}]));
  test('a thing and its opposite never hold', () => sameFor((a) => [{ and: [a, { not: a }] }, { or: [] }]));
  test('order does not matter', () =>
    sameFor((a, b) => [
      { and: [a, b], or: [b, a] },
      { and: [b, a], or: [a, b] },
    ]));
  test('fields beside each other are an and', () =>
    sameFor((a, b) => [{ and: [a], not: b }, { and: [a, { not: b }] }]));
});
