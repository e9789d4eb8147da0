/**
 * Whether a host may be shown in the letters of its language, or could be taken for another one. In short what browsers do: each label is of
 * one script that is in common use, and its letters do not all look like Latin ones. https://www.unicode.org/reports/tr39/
 */
export function isPlainHost(host: string): boolean {
  const labels = host.split('.');
  const last = labels.at(-1) ?? '';
  return labels.every((label) => ascii.test(label) || (isOfOneScript(label) && !looksLatin(label, last)));
}

const ascii = /^[a-z0-9_-]+$/;
/** No signs that look like a slash or a dot, and no digits but the usual ones. */
const lettersOnly = /^[\p{L}\p{M}0-9-]+$/u;

// A Latin letter with up to two accents, and the few others of European languages. The rest of the script is full of doubles.
const latin = /^(?:[a-z]\p{M}{0,2}|[ßæœøđłþð0-9-])+$/u;

const oneScript = [
  'Arabic',
  'Armenian',
  'Bengali',
  'Cyrillic',
  'Devanagari',
  'Ethiopic',
  'Georgian',
  'Greek',
  'Gujarati',
  'Gurmukhi',
  'Hangul',
  'Hebrew',
  'Kannada',
  'Khmer',
  'Lao',
  'Malayalam',
  'Myanmar',
  'Oriya',
  'Sinhala',
  'Tamil',
  'Telugu',
  'Thaana',
  'Thai',
  'Tibetan',
].map((name) => new RegExp(`^[\\p{scx=${name}}0-9-]+$`, 'u'));
const eastAsian = [
  /^[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}0-9-]+$/u,
  /^[\p{scx=Han}\p{scx=Hangul}0-9-]+$/u,
  /^[\p{scx=Han}\p{scx=Bopomofo}0-9-]+$/u,
];

function isOfOneScript(label: string): boolean {
  if (!lettersOnly.test(label) || /\p{Default_Ignorable_Code_Point}/u.test(label)) return false;
  return latin.test(label.normalize('NFD')) || [...oneScript, ...eastAsian].some((script) => script.test(label));
}

/** Letters that look like Latin ones, script by script, as Chromium lists them. */
const doubles = [
  { script: /\p{Script=Cyrillic}/u, only: /^[аысԁеԍһіюјӏорԗԛѕԝхуъьҽпгѵѡ0-9-]+$/u },
  { script: /\p{Script=Greek}/u, only: /^[αικνρυωηοτ0-9-]+$/u },
  { script: /\p{Script=Armenian}/u, only: /^[ագզէլհյոսւօՙ0-9-]+$/u },
  { script: /\p{Script=Georgian}/u, only: /^[იოყძხჽჿ0-9-]+$/u },
  { script: /\p{Script=Hebrew}/u, only: /^[דוחיןסװײ0-9-]+$/u },
];

/** Beneath a top-level domain of the same script, such letters are what one expects. */
const looksLatin = (label: string, topLevel: string): boolean =>
  doubles.some(({ script, only }) => script.test(label) && only.test(label) && !script.test(topLevel));
