import { isMessageId } from '@parley/contracts';
import { expect, test } from 'vitest';
import { uuid } from './uuid.ts';

test('is a UUID of version 4, also where randomUUID is missing', () => {
  const insecure = {
    getRandomValues: <T extends ArrayBufferView | null>(array: T) =>
      crypto.getRandomValues(array as never) as unknown as T,
  };
  for (const id of [uuid(), uuid(insecure)]) {
    expect(isMessageId(id)).toBe(true);
    expect(id).toMatch(/^.{14}4.{4}[89ab]/);
  }
  expect(uuid(insecure)).not.toBe(uuid(insecure));
});
