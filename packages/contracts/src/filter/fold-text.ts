/** Accents and other marks over or under letters: the five blocks of combining diacritical marks of Unicode, and the vowels of Hebrew and Arabic. */
const marks = new RegExp(
  `[${'0300-036f 0591-05bd 05bf 05c1 05c2 05c4 05c5 05c7 064b-065f 0670 1ab0-1aff 1dc0-1dff 20d0-20ff fe20-fe2f'
    .replaceAll(' ', '')
    .replace(/[\da-f]{4}/g, '\\u$&')}]`,
  'g',
);

/**
 * The text without what people who search do not tell apart: case, accents, vowel points, the dot of an i, and other forms of the same letter (full
 * width, ligatures). `parley_fold` of the database does the same. https://www.unicode.org/reports/tr15/ (NFKD)
 */
export const foldText = (text: string): string =>
  text.normalize('NFKD').replace(marks, '').toLowerCase().replaceAll('\u03c2', '\u03c3').replaceAll('\u0131', 'i');

/** Whether a text is accents alone. Nothing of it is left to look for, so it is found in nothing. */
export const foldsAway = (text: string): boolean => text !== '' && foldText(text) === '';
