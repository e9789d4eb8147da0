import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { Bundle } from './bundle.ts';

const keep = () => undefined;
const frame = (text: string) => new Bundle(Buffer.from(text));

test('connections that wait for the same frames share one bundle, and one copy of its bytes', () => {
  const [a, b, c] = [frame('a'), frame('b'), frame('c')];
  const waiting = Array.from({ length: 3 }, () => a.with(b, keep).with(c, keep));
  expect(new Set(waiting).size).toBe(1);
  expect(String(waiting[0]?.joined)).toBe('abc');
  expect(waiting[0]?.joined).toBe(waiting[1]?.joined);
  expect(waiting[0]?.bytes).toBe(3);
});

test('connections that wait for different frames do not disturb each other', () => {
  const [a, b, c] = [frame('a'), frame('b'), frame('c')];
  const first = a.with(b, keep).with(c, keep);
  const second = a.with(c, keep).with(b, keep);
  const third = a.with(b, keep);
  expect([first, second, third].map(({ joined }) => String(joined))).toEqual(['abc', 'acb', 'ab']);
});

test('a frame that is kept does not keep the bursts that it was part of', () => {
  const [a, b] = [frame('a'), frame('b')];
  const grown: Bundle[] = [];
  const both = a.with(b, (bundle) => grown.push(bundle));
  expect(grown).toEqual([a]);
  for (const bundle of grown) bundle.forget();
  expect(a.with(b, keep)).not.toBe(both);
});

test('only the last frame of what follows is added: what follows is one frame', () => {
  expect(String(frame('a').with(frame('b'), keep).with(frame('b'), keep).joined)).toBe('abb');
});

test.each([10, 20_000])('five frames of %i bytes leave in order, whether they are copied together or not', (bytes) => {
  const texts = ['a', 'b', 'c', 'd', 'e'].map((letter) => letter.repeat(bytes));
  const bundle = texts.slice(1).reduce((before, text) => before.with(frame(text), keep), frame(texts[0] ?? ''));
  const stream = new PassThrough({ highWaterMark: 1024 * 1024 });
  bundle.writeTo(stream);
  expect(String(stream.read())).toBe(texts.join(''));
});
