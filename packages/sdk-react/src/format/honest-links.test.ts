import { expect, test } from 'vitest';
import { linkParts, safeHref, shownHost } from './links.ts';

/** What is shown of the links in a text. */
const shown = (text: string) =>
  linkParts(text)
    .filter(({ href }) => href !== undefined)
    .map((part) => part.shown ?? part.text);

test('an honest address is shown as it was written', () => {
  for (const address of [
    'https://parley.dev/docs?a=1#b',
    'HTTPS://Parley.Dev/Docs',
    'http://localhost:8080/x',
    'http://127.0.0.1/',
    'http://[::1]:8080/',
    'https://parley.dev/für/日本語',
    'https://münchen.example/',
    'https://faß.example',
    'https://việt-nam.example',
    'https://пример.рф/путь',
    'https://сох.рф/',
    'https://日本語テスト.jp/',
    'https://한국.kr',
    'https://παράδειγμα.gr',
    'https://דוגמה.co.il/a',
    'https://مثال.com',
    'https://ไทย.com',
    'mailto:ada@parley.dev?subject=Hi',
  ]) {
    expect(shown(`see ${address} there`)).toEqual([address]);
  }
});

test.for([
  ['letters of two scripts', 'https://pаypal.example/', 'https://xn--pypal-4ve.example/'],
  ['letters that all look Latin', 'https://аррӏе.example', 'https://xn--80ak6aa92e.example/'],
  ['Greek letters that look Latin', 'https://νικη.example', expect.stringMatching(/^https:\/\/xn--/)],
  ['rare Latin letters', 'https://ɡооɡle.example', expect.stringMatching(/^https:\/\/xn--/)],
  [
    'Latin beside Japanese, with a sign like a slash',
    'https://bank.comノx.example',
    'https://bank.xn--comx-xq4c.example/',
  ],
  ['a fraction slash', 'https://bank.com⁄x.example', expect.stringMatching(/^https:\/\/bank\.xn--/)],
  ['a script of doubles', 'https://ꓑꓮꓬ.example', expect.stringMatching(/^https:\/\/xn--/)],
  ['wide letters', 'https://ｂａｎｋ.example/a', 'https://bank.example/a'],
  ['a full stop of another script', 'https://bank。example', 'https://bank.example/'],
  ['a number for an address', 'http://2130706433/', 'http://127.0.0.1/'],
  ['percent signs in the host', 'https://%65vil.example/', 'https://evil.example/'],
  ['too many slashes', 'https:///evil.example', 'https://evil.example/'],
  ['host and path from right to left', 'https://דוגמה.example/א', expect.stringMatching(/^https:\/\/xn--/)],
  ['a mail address of two scripts', 'mailto:ada@bаnk.example', expect.stringContaining('%')],
] as const)('%s: shown is where it leads', ([, address, expected]) => {
  expect(shown(address)).toEqual([expected]);
});

test('a name before the host is no link, for it looks like one', () => {
  for (const address of [
    'https://bank.example@evil.example/',
    'https://bank.example:443@evil.example/',
    'https://bank.example%2Flogin@evil.example',
  ]) {
    expect(shown(address)).toEqual([]);
    expect(safeHref(address)).toBeNull();
    expect(shownHost(address)).toBeNull();
  }
});

test('a link ends at what nobody sees', () => {
  for (const unseen of ['\u200B', '\u202E', '\u2066', '\u00AD', '\uFEFF', '\u0000', '\u2060']) {
    expect(shown(`https://bank.example${unseen}.evil.example`)).toEqual(['https://bank.example']);
  }
});

test('the parts still add up to the text, also where something else is shown', () => {
  const text = 'a https://pаypal.example/ b https://x.example\u202E/moc.knab c';
  expect(
    linkParts(text)
      .map((part) => part.text)
      .join(''),
  ).toBe(text);
});

test('the host of a file is shown in letters only where it can be taken for no other', () => {
  expect(shownHost('https://files.parley.dev:8443/a.pdf')).toBe('files.parley.dev:8443');
  expect(shownHost('https://münchen.example/a')).toBe('münchen.example');
  expect(shownHost('https://pаypal.example/a')).toBe('xn--pypal-4ve.example');
  expect(shownHost('javascript:alert(1)')).toBeNull();
  expect(shownHost(null)).toBeNull();
});
