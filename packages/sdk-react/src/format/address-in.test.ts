import { expect, test } from 'vitest';
import { linkParts } from './links.ts';

const links = (text: string) => linkParts(text).filter(({ href }) => href !== undefined);

test.each([
  // Right before the address stands a letter: nobody puts spaces here.
  ['看https://a.example/b这里', 'https://a.example/b'],
  ['見てhttps://a.example/b?c=1東京', 'https://a.example/b?c=1'],
  // Grammar of Japanese and Korean.
  ['https://a.example/bを見て', 'https://a.example/b'],
  ['https://a.example/b?c=1です', 'https://a.example/b?c=1'],
  ['https://a.example/b에서', 'https://a.example/b'],
  ['https://a.example/b에서는 봐요', 'https://a.example/b'],
  // Names.
  ['https://ja.wikipedia.org/wiki/C言語', 'https://ja.wikipedia.org/wiki/C言語'],
  ['https://ja.wikipedia.org/wiki/Tシャツ', 'https://ja.wikipedia.org/wiki/Tシャツ'],
  ['見て https://ja.wikipedia.org/wiki/2019年 ね', 'https://ja.wikipedia.org/wiki/2019年'],
  ['参考：https://zh.wikipedia.org/wiki/C语言，很好', 'https://zh.wikipedia.org/wiki/C语言'],
  ['https://ko.wikipedia.org/wiki/C언어', 'https://ko.wikipedia.org/wiki/C언어'],
  ['https://a.example/?q=a東京', 'https://a.example/?q=a東京'],
  // Hosts.
  ['https://a.example这里', 'https://a.example'],
  ['https://a.example这里。', 'https://a.example'],
  ['https://a.example这里?', 'https://a.example'],
  ['https://localhost:3000这里', 'https://localhost:3000'],
  ['https://日本.example这里', 'https://日本.example'],
])('the link in %s is %s', (text, link) => {
  expect(links(text).map((part) => part.text)).toEqual([link]);
});

test.each([
  'https://abc日本.jp/',
  'https://abc日本.jp',
  'https://a.example日本.jp/b',
  'https://abc日本/',
  'https://www.abc日本.jp:8080/x',
  'https://abc。日本.jp/',
  "https://abc'd.example/",
  'mailto:ada@abc日本.jp',
])('no link of %s leads to a shorter host', (text) => {
  expect(links(text).map((part) => part.text)).toEqual([text]);
});

test('a mail address is none where only a part of its host would be taken', () => {
  expect(links('ada@a.example日本.jp')).toEqual([]);
  expect(links('ada@mail.a.exampleбанк.jp')).toEqual([]);
  expect(links('ada@a.example这里').map((part) => part.text)).toEqual(['ada@a.example']);
  expect(links('ask ada@a.example.').map((part) => part.text)).toEqual(['ada@a.example']);
});

test('two addresses with a comma of Chinese or Japanese between them are two links; an address within one is of it', () => {
  expect(links('https://a.example、https://b.example/c').map((part) => part.text)).toEqual([
    'https://a.example',
    'https://b.example/c',
  ]);
  expect(links('https://a.example/web/https://b.example/').map((part) => part.text)).toEqual([
    'https://a.example/web/https://b.example/',
  ]);
});
