import { expect, test } from 'vitest';
import { createEventParser } from './event-stream.ts';

const text = 'event: next\ndata: {"a":1}\n\n:\n\ndata: one\ndata: two\n\nevent: complete\ndata: \n\n';
const events = [
  { name: 'next', data: '{"a":1}' },
  { name: '', data: 'one\ntwo' },
  { name: 'complete', data: '' },
];

test('reads events wherever the pieces are cut, and with any line ends', () => {
  for (const source of [text, text.replaceAll('\n', '\r\n')]) {
    for (let size = 1; size <= source.length; size += 1) {
      const parse = createEventParser();
      const seen = [];
      for (let start = 0; start < source.length; start += size) seen.push(...parse(source.slice(start, start + size)));
      expect(seen).toEqual(events);
    }
  }
});
