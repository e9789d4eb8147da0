import type { JsonPath } from './parse-json.ts';

/** A double holds every whole number of 15 digits. */
const manyDigits = /\d{16}/;

/** Stands for a number that lost digits, while the text is looked at again. */
const inexact = Symbol('inexact');

/**
 * Where JSON text holds a whole number that a JSON number cannot: parsed, it would be another one (9007199254740993 becomes 9007199254740992). Null:
 * nowhere. What a program wrote that has doubles itself is exact, however long; so the text is looked at closely only when it has many digits in a row.
 */
export function inexactNumberIn(text: string): JsonPath | null {
  if (!manyDigits.test(text)) return null;
  const marked: unknown = JSON.parse(text, (_key, value: unknown, context?: { readonly source?: string }) =>
    typeof value === 'number' && !isExact(value, context?.source ?? '') ? inexact : value,
  );
  return pathIn(marked);
}

/** Fractions and powers of ten are rounded by whoever reads them (RFC 8259 section 6). */
const isExact = (value: number, source: string): boolean =>
  !/^-?\d{16,}$/.test(source) || String(value) === source || isLong(value, source);

/** From 10^21 on JavaScript writes powers of ten, so the digits are compared instead. */
const isLong = (value: number, source: string): boolean => Math.abs(value) >= 1e21 && BigInt(value) === BigInt(source);

function pathIn(root: unknown): JsonPath | null {
  const waiting: { readonly value: unknown; readonly path: JsonPath }[] = [{ value: root, path: [] }];
  for (let place = waiting.pop(); place !== undefined; place = waiting.pop()) {
    const { value, path } = place;
    if (value === inexact) return path;
    if (typeof value !== 'object' || value === null) continue;
    for (const [key, inside] of Object.entries(value)) waiting.push({ value: inside as unknown, path: [...path, key] });
  }
  return null;
}
