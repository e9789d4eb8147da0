import { invalidInput, limits } from '@parley/contracts';

interface Part {
  readonly value: unknown;
  readonly depth: number;
  readonly field: string;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;
const joins = new Set(['and', 'or', 'not']);

function bound(amount: number, limit: number, field: string, what: string): void {
  if (amount > limit) throw invalidInput(field, `at most ${limit} ${what}; ask for less`, limit);
}

/**
 * Bounds a filter before anything else looks at it: levels of and/or/not (`limits.filterDepth`), its objects and the conditions in them
 * (`limits.filterNodes`), and values in all lists together (`limits.filterValues`). Works for any filter of this language. @throws invalid_input
 */
export function checkFilterSize(filter: unknown, root: string): void {
  const waiting: Part[] = [{ value: filter, depth: 1, field: root }];
  let nodes = 0;
  let values = 0;
  const count = (condition: unknown, field: string) => {
    nodes += 1;
    values += valuesIn(condition);
    bound(values, limits.filterValues, field, 'values in the lists of a filter');
  };

  for (let part = waiting.pop(); part !== undefined; part = waiting.pop()) {
    const { value, depth, field } = part;
    if (!isObject(value)) continue;
    bound(depth, limits.filterDepth, root, 'levels of and, or and not');
    nodes += 1;
    for (const [key, inside] of Object.entries(value)) {
      const at = `${field}.${key}`;
      if (inside === null || inside === undefined) continue;
      const many = Array.isArray(inside);
      const ones: readonly unknown[] = many ? inside : [inside];
      for (const [index, one] of ones.entries()) {
        const place = many ? `${at}.${index}` : at;
        if (joins.has(key)) waiting.push({ value: one, depth: depth + 1, field: place });
        else if (key === 'custom' && isObject(one)) count(one['string'], `${place}.string`);
        else count(one, place);
      }
    }
    bound(nodes, limits.filterNodes, root, 'objects and conditions in a filter');
  }
}

function valuesIn(condition: unknown): number {
  if (!isObject(condition)) return 0;
  return Object.values(condition).reduce<number>((sum, value) => sum + (Array.isArray(value) ? value.length : 0), 0);
}
