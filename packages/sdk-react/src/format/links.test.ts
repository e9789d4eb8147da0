import { expect, test } from 'vitest';
import { linkParts, safeHref } from './links.ts';

const linked = (text: string) => linkParts(text).filter(({ href }) => href !== undefined);

test('a web address in a sentence becomes a link, the full stop does not', () => {
  expect(linkParts('See https://parley.dev/docs. Now')).toEqual([
    { text: 'See ' },
    { text: 'https://parley.dev/docs', href: 'https://parley.dev/docs' },
    { text: '. Now' },
  ]);
});

test('brackets around a link stay outside, brackets of the address stay inside', () => {
  expect(linked('(https://a.example/b)').map(({ text }) => text)).toEqual(['https://a.example/b']);
  expect(linked('https://a.example/b_(c)').map(({ text }) => text)).toEqual(['https://a.example/b_(c)']);
});

test.each([
  ['看https://a.example/b这里', 'https://a.example/b'],
  ['請看 https://a.example。謝謝', 'https://a.example'],
  ['「https://a.example/b」です', 'https://a.example/b'],
  ['https://a.example/b、https', 'https://a.example/b'],
  ['https://a.example/b에서', 'https://a.example/b'],
  ['https://a.example/b?c=1です', 'https://a.example/b?c=1'],
  ['https://ja.wikipedia.org/wiki/日本', 'https://ja.wikipedia.org/wiki/日本'],
  ['“https://a.example/b”', 'https://a.example/b'],
  ['«https://a.example/b»', 'https://a.example/b'],
  ['[https://a.example/b]', 'https://a.example/b'],
  ['{https://a.example/b}', 'https://a.example/b'],
  ['*https://a.example/b*', 'https://a.example/b'],
  ['https://a.example/b[1]', 'https://a.example/b[1]'],
  ['https://a.example/b؟', 'https://a.example/b'],
  ['https://a.example/b।', 'https://a.example/b'],
  ["https://example.com/a'b", "https://example.com/a'b"],
  ["'https://example.com/a'", 'https://example.com/a'],
  ["https://example.com's", 'https://example.com'],
])('the link in %s is %s', (text, link) => {
  expect(linked(text).map((part) => part.text)).toEqual([link]);
});

test.each([
  ['see www.example.museum/a.', ['www.example.museum/a', 'https://www.example.museum/a']],
  ['see example.com, or not', ['example.com', 'https://example.com/']],
  ['(docs.example.dev/a_b?c=d#e)', ['docs.example.dev/a_b?c=d#e', 'https://docs.example.dev/a_b?c=d#e']],
  ['Example.COM:8080', ['Example.COM:8080', 'https://example.com:8080/']],
])('an address of the web in %j is a link without its beginning too', (text, [written, href]) => {
  expect(linked(text)).toEqual([expect.objectContaining({ text: written, href })]);
});

test.each([
  'index.ts and README.md',
  'one.two three.Four',
  'end.com-x and example.comic',
  'javascript:example.com',
  'ftp://example.com/a',
  'user_example.com',
  'www.',
  '1.2.3',
])('%j has no link', (text) => {
  expect(linked(text)).toEqual([]);
});

test('a mail address stays one', () => {
  expect(linked('ada@example.com').map(({ href }) => href)).toEqual(['mailto:ada@example.com']);
});

test('mail addresses become links to write to them', () => {
  expect(linked('ask ada@parley.dev please')).toEqual([{ text: 'ada@parley.dev', href: 'mailto:ada@parley.dev' }]);
});

test('nothing but http, https and mailto is ever a link', () => {
  for (const text of [
    'javascript:alert(1)',
    'data:text/html,x',
    'vbscript:x',
    'file:///etc/passwd',
    'JaVaScRiPt://x%0aalert(1)',
  ]) {
    expect(linked(text)).toEqual([]);
    expect(safeHref(text)).toBeNull();
  }
});

test('markup stays text', () => {
  expect(linkParts('<img src=x onerror=alert(1)>')).toEqual([{ text: '<img src=x onerror=alert(1)>' }]);
});

test('the parts always add up to the text', () => {
  for (const text of [
    '',
    'a',
    'https://',
    'https://x.example https://y.example',
    'mailto:',
    '@@@',
    'http://[',
    'a@b.c!?',
  ]) {
    expect(
      linkParts(text)
        .map((part) => part.text)
        .join(''),
    ).toBe(text);
  }
});

test.each([
  ['a word without end', 'a.'.repeat(20_000)],
  ['brackets', `https://${')'.repeat(40_000)}`],
  ['half an address, over and over', 'a@'.repeat(20_000)],
  ['letters without spaces', `https://${'a日'.repeat(20_000)}`],
  ['addresses without spaces', 'https://a.b、'.repeat(4000)],
  ['apostrophes', `https://x/${"a'".repeat(20_000)}`],
  ['the host of a mail address', `a@b.${'x'.repeat(40_000)}日.c`],
  ['hosts of mail addresses', `a@b${'.c'.repeat(20_000)}日.c`],
  ['dots', `https://x${'.'.repeat(40_000)}y`],
])('the time for a long hostile text is linear in its length: %s', (_name, text) => {
  // Of this process alone, so that a busy machine does not count; in the square of the length it would be seconds.
  const before = process.cpuUsage();
  linkParts(text);
  expect(process.cpuUsage(before).user).toBeLessThan(1_000_000);
});
