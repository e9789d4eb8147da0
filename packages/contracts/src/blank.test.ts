import { expect, test } from 'vitest';
import { isBlank } from './blank.ts';

test.each([
  '',
  ' \n\t',
  '\u200B\u200B',
  '\u200D\u2060\uFEFF',
  '\u3164',
  '\u115F\u1160\uFFA0',
  '\u2800',
  '\u034F',
  '\uFE0F',
  '\u{E0020}',
  '\u00AD \u00A0',
  '\u0301',
  '\u20E3',
  '\uFFFF',
  '\uFDD0\u{1FFFE}',
])('nothing is seen of %j', (text) => expect(isBlank(text)).toBe(true));

test.each(['a', '.', '\u200Ba', '0', '👩\u200D🚀', 'e\u0301', '1\uFE0F\u20E3', '\u0905', 'ㅤa'])(
  'something is seen of %j',
  (text) => {
    expect(isBlank(text)).toBe(false);
  },
);
