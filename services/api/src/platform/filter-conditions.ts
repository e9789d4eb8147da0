import type { IdFilter, StringFilter } from '@parley/contracts';

/** Collects the values of a statement; each gives back its placeholder. Nothing of a filter ever becomes part of the text. */
export type Bind = (value: unknown) => string;

export const said = <T>(value: T | null | undefined): value is T => value !== null && value !== undefined;

export const every = (conditions: readonly string[]): string =>
  conditions.length === 0 ? 'TRUE' : `(${conditions.join(' AND ')})`;
export const some = (conditions: readonly string[]): string =>
  conditions.length === 0 ? 'FALSE' : `(${conditions.join(' OR ')})`;
/** SQL has a third value where something is missing; the filter language has two. */
export const known = (condition: string): string => `COALESCE(${condition}, FALSE)`;

export function idCondition(filter: IdFilter, value: string, bind: Bind): string {
  const parts: string[] = [];
  if (said(filter.eq)) parts.push(known(`${value} = ${bind(filter.eq)}::text`));
  if (said(filter.in)) parts.push(known(`${value} = ANY(${bind(filter.in)}::text[])`));
  return every(parts);
}

export function stringCondition(filter: StringFilter, text: string, bind: Bind): string {
  const value = `(${text}) COLLATE "C"`;
  const parts = [idCondition(filter, value, bind)];
  if (said(filter.contains)) parts.push(known(`strpos(${value}, ${bind(filter.contains)}::text) > 0`));
  if (said(filter.startsWith)) parts.push(known(`starts_with(${value}, ${bind(filter.startsWith)}::text)`));
  return every(parts);
}
