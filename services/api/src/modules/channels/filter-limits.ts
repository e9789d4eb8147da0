import type { ChannelFilter, CustomFilter, IdFilter, IdSetFilter, StringFilter } from '@parley/contracts';
import { invalidInput, limits } from '@parley/contracts';

const badText = (text: string): boolean => text.includes('\0') || /\p{Surrogate}/u.test(text);

function checkTexts(field: string, texts: readonly string[] | null | undefined): void {
  if (!texts) return;
  if (texts.length > limits.filterValues) {
    throw invalidInput(field, `a list in a filter holds up to ${limits.filterValues} values`, limits.filterValues);
  }
  if (texts.some(badText)) throw invalidInput(field, 'a filter may not hold U+0000 or half of a character');
}

const given = (texts: readonly (string | null | undefined)[]): string[] =>
  texts.filter((text) => typeof text === 'string');

function checkIds(field: string, filter: IdFilter | null | undefined): void {
  checkTexts(field, filter?.in);
  checkTexts(field, given([filter?.eq]));
}

function checkSet(field: string, filter: IdSetFilter | null | undefined): void {
  for (const list of [filter?.contains, filter?.containsAny, filter?.equals]) checkTexts(field, list);
}

function checkStrings(field: string, filter: StringFilter | null | undefined): void {
  checkIds(field, filter);
  checkTexts(field, given([filter?.contains, filter?.startsWith]));
}

function checkCustom(field: string, { path, string }: CustomFilter): void {
  if (path.length === 0 || path.length > limits.customPath) {
    throw invalidInput(
      `${field}.path`,
      `a path is 1 to ${limits.customPath} characters, keys joined by "."`,
      limits.customPath,
    );
  }
  checkTexts(`${field}.path`, [path]);
  checkStrings(`${field}.string`, string);
}

/** Refuses a filter that is too deep or too large before anything is made of it. @throws invalid_input */
export function checkFilter(filter: ChannelFilter): void {
  let nodes = 0;
  const visit = (part: ChannelFilter, field: string, depth: number): void => {
    nodes += 1 + (part.custom?.length ?? 0);
    if (depth > limits.filterDepth) {
      throw invalidInput('filter', `a filter is nested up to ${limits.filterDepth} levels deep`, limits.filterDepth);
    }
    if (nodes > limits.filterNodes) {
      throw invalidInput('filter', `a filter holds up to ${limits.filterNodes} parts`, limits.filterNodes);
    }
    checkIds(`${field}.id`, part.id);
    checkStrings(`${field}.type`, part.type);
    checkSet(`${field}.members`, part.members);
    checkIds(`${field}.createdById`, part.createdById);
    for (const [index, custom] of (part.custom ?? []).entries()) checkCustom(`${field}.custom.${index}`, custom);
    for (const [index, child] of (part.and ?? []).entries()) visit(child, `${field}.and.${index}`, depth + 1);
    for (const [index, child] of (part.or ?? []).entries()) visit(child, `${field}.or.${index}`, depth + 1);
    if (part.not) visit(part.not, `${field}.not`, depth + 1);
  };
  visit(filter, 'filter', 1);
}
