// Embeddings, overrides and isolates: U+202A to U+202E and U+2066 to U+2069. One that is not closed reorders what follows it.
const reordering = /[\u202A-\u202E\u2066-\u2069]/gu;
const breaks = /[\p{Cc}\s\u2028\u2029]+/gu;
/** Accents stacked higher than any language writes them reach into the lines above and below. */
const stacked = /(\p{M}{4})\p{M}+/gu;

/** A name, a title or a preview: one line, in which nothing moves or covers what stands beside it. */
export const oneLine = (text: string): string =>
  text.replace(reordering, '').replace(breaks, ' ').replace(stacked, '$1').trim();

// The blank of Braille is a sign to Unicode, but nothing to the eye.
const unseen = /[\p{Default_Ignorable_Code_Point}\p{M}\s\u2800]/gu;

/** Whether there is anything to see. */
export const isVisible = (text: string): boolean => text.replace(unseen, '') !== '';

/** Scripts that are written from right to left, and the marks that only set a direction. */
const rightToLeft = /[\u0590-\u08FF\u200E\u200F\uFB1D-\uFDFF\uFE70-\uFEFF\u{10800}-\u{10FFF}\u{1E800}-\u{1EFFF}]/u;

/** The same to stand inside a sentence: set apart, where the two could reorder one another. */
export function isolated(text: string): string {
  const line = oneLine(text);
  return rightToLeft.test(line) ? `\u2068${line}\u2069` : line;
}
