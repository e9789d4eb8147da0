import { expect, test } from 'vitest';
import { type ConsumerOptions, defineConsumer } from './define-consumer.ts';

const options: ConsumerOptions = {
  name: 'webhooks',
  start: 'head',
  scope: 'all',
  handle: async () => undefined,
  missed: async () => undefined,
};

test.each<[Partial<ConsumerOptions>, string]>([
  [{ name: '' }, 'name'],
  [{ name: 'Web hooks' }, 'name'],
  [{ name: 'a'.repeat(64) }, 'name'],
  [{ concurrency: 0 }, 'concurrency'],
  [{ batchEvents: 101 }, 'batchEvents'],
  [{ maxAttempts: 1.5 }, 'maxAttempts'],
  [{ retryMs: Number.NaN }, 'retryMs'],
])('%o is refused by the name of the field', (change, field) => {
  expect(() => defineConsumer({ ...options, ...change })).toThrow(
    expect.objectContaining({
      code: 'invalid_input',
      details: expect.objectContaining({ field }),
      message: expect.stringContaining(field),
    }),
  );
});

test('what is left out has a default', () => {
  expect(defineConsumer(options)).toMatchObject({ concurrency: 4, batchEvents: 100, maxAttempts: 20 });
});
