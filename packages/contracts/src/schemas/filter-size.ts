import { invalidInput } from '../errors.ts';
import { limits } from '../limits.ts';

interface Part {
  readonly value: unknown;
  readonly depth: number;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;
const joins = new Set(['and', 'or', 'not']);

/**
 * Bounds a filter before anything else looks at it: levels of and/or/not (`limits.filterDepth`), conditions (`limits.filterNodes`), and values
 * in all lists together (`limits.filterValues`). Works for any filter of this language, so for users too. @throws invalid_input
 */
export function checkFilterSize(filter: unknown, field = 'filter'): void {
  const waiting: Part[] = [{ value: filter, depth: 1 }];
  let conditions = 0;
  let values = 0;
  const bound = (amount: number, limit: number, what: string) => {
    if (amount > limit) throw invalidInput(field, `at most ${limit} ${what}; ask for less`, limit);
  };

  for (let part = waiting.pop(); part !== undefined; part = waiting.pop()) {
    const { value, depth } = part;
    if (!isObject(value)) continue;
    bound(depth, limits.filterDepth, 'levels of and, or and not');
    conditions += 1;
    for (const [key, inside] of Object.entries(value)) {
      if (joins.has(key)) {
        for (const one of Array.isArray(inside) ? inside : [inside]) waiting.push({ value: one, depth: depth + 1 });
      } else if (key === 'custom' && Array.isArray(inside)) {
        for (const one of inside) {
          conditions += 1;
          if (isObject(one)) values += valuesIn(one['string']);
        }
      } else if (inside !== null && inside !== undefined) {
        conditions += 1;
        values += valuesIn(inside);
      }
      bound(conditions, limits.filterNodes, 'conditions');
      bound(values, limits.filterValues, 'values in its lists');
    }
  }
}

function valuesIn(condition: unknown): number {
  if (!isObject(condition)) return 0;
  return Object.values(condition).reduce<number>((sum, value) => sum + (Array.isArray(value) ? value.length : 0), 0);
}
