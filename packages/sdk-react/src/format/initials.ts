/**
 * One or two letters to stand for a picture; signs and emoji only where there is no letter. Cut by grapheme, so that neither a surrogate pair
 * nor a flag is split.
 */
export function initialsOf(name: string): string {
  const all = name.split(/[\s._@:-]+/).filter((word) => word !== '');
  const spoken = all.map((word) => word.replace(/^[^\p{L}\p{N}]+/u, '')).filter((word) => word !== '');
  const words = spoken.length > 0 ? spoken : all.slice(0, 1);
  const first = words[0] ?? '?';
  const last = words.length > 1 ? words.at(-1) : undefined;
  return `${firstLetter(first)}${last === undefined ? '' : firstLetter(last)}`.toLocaleUpperCase();
}

const segmenter = typeof Intl.Segmenter === 'function' ? new Intl.Segmenter() : null;

function firstLetter(word: string): string {
  if (segmenter === null) return String.fromCodePoint(word.codePointAt(0) ?? 0);
  for (const { segment } of segmenter.segment(word)) return segment;
  return '';
}

/** A hue from 0 to 359 that stays with the id, so that a person without a picture keeps their colour. */
export function hueOf(id: string): number {
  let hash = 2_166_136_261;
  for (let index = 0; index < id.length; index += 1) {
    hash = Math.imul(hash ^ id.charCodeAt(index), 16_777_619);
  }
  return (hash >>> 0) % 360;
}
