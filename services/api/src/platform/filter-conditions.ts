import { foldsAway, type IdFilter, type StringFilter } from '@parley/contracts';

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

/** `foldedText`: SQL of what `parley_fold` makes of the text, where it is stored. */
export function stringCondition(filter: StringFilter, text: string, bind: Bind, foldedText = fold(text)): string {
  const parts = [idCondition(filter, `(${text}) COLLATE "C"`, bind)];
  const { contains, startsWith } = filter;
  if (said(contains)) parts.push(unlessFoldedAway(contains, holdsText(foldedText, bind(contains))));
  if (said(startsWith)) parts.push(unlessFoldedAway(startsWith, beginsWithText(foldedText, bind(startsWith))));
  return every(parts);
}

/**
 * SQL: false where the part is accents alone. Nothing of them is left to look for, so they are found in nothing; `matches` of the contracts says the same. The
 * condition stays in the statement, since PostgreSQL refuses values that no part of it names.
 */
export const unlessFoldedAway = (part: string, condition: string): string =>
  foldsAway(part) ? `(FALSE AND ${condition})` : condition;

/** SQL: what people who search do not tell apart made equal. */
export const fold = (text: string): string => `parley_fold(${text})`;

/** SQL: whether a folded text holds the other one, whatever the case and accents. */
export const holdsText = (foldedText: string, part: string): string =>
  known(`strpos(${bytes(foldedText)}, ${bytes(fold(`${part}::text`))}) > 0`);
/** SQL: whether it begins so. */
export const beginsWithText = (foldedText: string, part: string): string =>
  known(`starts_with(${bytes(foldedText)}, ${bytes(fold(`${part}::text`))})`);

/** Positions are those of bytes, which the collation of the database must not change. */
const bytes = (text: string): string => `(${text}) COLLATE "C"`;
