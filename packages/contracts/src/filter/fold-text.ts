/** Accents and other marks over or under letters: the five blocks of combining diacritical marks of Unicode. */
const marks = /[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]/g;

/**
 * The text without what people who search do not tell apart: case, accents, and other forms of the same letter (full width, ligatures). `parley_fold` of the
 * database does the same. https://www.unicode.org/reports/tr15/ (NFKD)
 */
export const foldText = (text: string): string =>
  text.normalize('NFKD').replace(marks, '').toLowerCase().replaceAll('\u03c2', '\u03c3');
