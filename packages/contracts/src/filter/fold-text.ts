/** Accents and other marks over or under letters: the five blocks of combining diacritical marks of Unicode, and the vowels of Hebrew and Arabic. */
const marks =
  /[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u064b-\u065f\u0670]/g;

/**
 * The text without what people who search do not tell apart: case, accents, vowel points, the dot of an i, and other forms of the same letter (full
 * width, ligatures). `parley_fold` of the database does the same. https://www.unicode.org/reports/tr15/ (NFKD)
 */
export const foldText = (text: string): string =>
  text.normalize('NFKD').replace(marks, '').toLowerCase().replaceAll('\u03c2', '\u03c3').replaceAll('\u0131', 'i');
