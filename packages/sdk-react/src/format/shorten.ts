/** Texts longer than this, or of more lines, are shown in part until somebody asks for the rest. */
const shownCharacters = 1_500;
const shownLines = 24;
/** What is hidden must be worth a click. */
const slack = 1.25;

/** The beginning of a text that would fill the screen, cut at a space where there is one; null when the text is shown whole. */
export function shorten(text: string): string | null {
  const lines = text.split('\n');
  const tooManyLines = lines.length > shownLines * slack;
  if (text.length <= shownCharacters * slack && !tooManyLines) return null;
  const beginning = (tooManyLines ? lines.slice(0, shownLines).join('\n') : text).slice(0, shownCharacters);
  const space = beginning.length < shownCharacters ? -1 : beginning.lastIndexOf(' ');
  const cut = space > shownCharacters / 2 ? beginning.slice(0, space) : withoutHalf(beginning);
  return cut.trimEnd();
}

/** A character of two code units is not cut in half. */
const withoutHalf = (text: string): string => text.replace(/[\uD800-\uDBFF]$/, '');
