import fc from 'fast-check';
import { expect, test } from 'vitest';
import { closeReason } from './close-reason.ts';

test('a reason always fits into a close frame, is whole text, and is left alone when it fits', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (text) => {
      const reason = closeReason(text);
      expect(Buffer.byteLength(reason)).toBeLessThanOrEqual(123);
      if (Buffer.byteLength(text) <= 123) expect(reason).toBe(text);
      else expect(text.startsWith(reason.slice(0, -1))).toBe(true);
    }),
  );
});
