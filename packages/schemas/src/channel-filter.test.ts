import { limits } from '@parley/contracts';
import { describe, expect, test } from 'vitest';
import { refusal } from '../../contracts/test/refusal.ts';
import { parseChannelFilter, parseChannelSort } from './channel-filter.ts';

const nested = (levels: number): unknown => (levels === 1 ? {} : { not: nested(levels - 1) });
const ids = (count: number) => Array.from({ length: count }, (_, index) => `u${index}`);

test('a filter within its bounds is taken as it is', () => {
  const filter = {
    and: [{ type: { in: ['team', 'messaging'] } }, { not: { hasUnread: true } }],
    members: { contains: ids(90) },
    lastMessageAt: { gt: '2026-01-31T12:00:00+02:00', lt: null },
    custom: [{ path: 'order.status', string: { eq: 'open' }, exists: true }],
    memberCount: { gte: 2 },
    id: null,
    or: undefined,
  };
  expect(parseChannelFilter(filter)).toEqual(filter);
  expect(parseChannelFilter(nested(limits.filterDepth))).toEqual(nested(limits.filterDepth));
});

describe('a filter beyond its bounds is refused', () => {
  const half = Math.ceil((limits.filterValues + 1) / 2);
  const cases: readonly (readonly [string, unknown, string, number?])[] = [
    ['too deep', nested(limits.filterDepth + 1), 'filter', limits.filterDepth],
    ['far too deep', nested(5_000), 'filter', limits.filterDepth],
    [
      'too many conditions',
      { or: Array.from({ length: 30 }, () => ({ hasUnread: true })) },
      'filter',
      limits.filterNodes,
    ],
    [
      'too many custom conditions',
      { custom: Array.from({ length: 60 }, () => ({ path: 'a' })) },
      'filter',
      limits.filterNodes,
    ],
    ['too many empty parts', { and: Array.from({ length: 60 }, () => ({})) }, 'filter', limits.filterNodes],
    ['too many values', { id: { in: ids(limits.filterValues + 1) } }, 'filter.id', limits.filterValues],
    [
      'too many values together',
      { or: [{ id: { in: ids(half) }, members: { contains: ids(half) } }] },
      'filter.or.0.members',
      limits.filterValues,
    ],
    [
      'too many values in custom',
      { custom: [{ path: 'a', string: { in: ids(101) } }] },
      'filter.custom.0.string',
      limits.filterValues,
    ],
    ['no time', { lastMessageAt: { gt: 'yesterday' } }, 'filter.lastMessageAt.gt'],
    ['a long path', { custom: [{ path: 'x'.repeat(129) }] }, 'filter.custom.0.path', limits.customPath],
    ['an empty key in a path', { custom: [{ path: 'a..b' }] }, 'filter.custom.0.path'],
    ['U+0000', { type: { eq: 'a\0' } }, 'filter.type'],
    ['half of a pair in a list', { not: { id: { in: ['a', '\ud83d'] } } }, 'filter.not.id'],
    ['an unknown field', { and: [{ colour: 'red' }] }, 'filter.and.0'],
    ['no object', 'all', 'filter'],
    ['a number that is none', { memberCount: { gt: Number.NaN } }, 'filter.memberCount.gt'],
  ];
  test.each(cases)('%s', (_name, filter, field, limit) => {
    const error = refusal(() => parseChannelFilter(filter));
    expect(error).toMatchObject({ code: 'invalid_input', details: { field } });
    expect(error.details.limit).toBe(limit);
  });
});

describe('sorts', () => {
  const by = (field: string) => ({ field, direction: 'DESC' });

  test('up to three different fields', () => {
    const sorts = [by('UNREAD_COUNT'), by('LAST_MESSAGE_AT'), by('MEMBER_COUNT')];
    expect(parseChannelSort(sorts)).toEqual(sorts);
    expect(refusal(() => parseChannelSort([...sorts, by('CREATED_AT')])).details).toEqual({ field: 'sort', limit: 3 });
    expect(refusal(() => parseChannelSort([by('CREATED_AT'), by('CREATED_AT')])).message).toContain('CREATED_AT twice');
    expect(refusal(() => parseChannelSort([by('NAME')])).details.field).toBe('sort.0.field');
  });
});
