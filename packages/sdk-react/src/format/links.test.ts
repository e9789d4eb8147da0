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

test('a long hostile text is read in no time', () => {
  const start = performance.now();
  linkParts(`${'a.'.repeat(5_000)}@`);
  linkParts(`https://${')'.repeat(9_990)}`);
  linkParts('a@'.repeat(5_000));
  linkParts(`https://x${'.'.repeat(9_980)}y`);
  expect(performance.now() - start).toBeLessThan(250);
});
