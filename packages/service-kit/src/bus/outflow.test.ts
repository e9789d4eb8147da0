import { expect, test } from 'vitest';
import { type Deferred, deferred } from '../deferred.ts';
import { createOutflow } from './outflow.ts';

function slowConnection() {
  const flushes: Deferred<void>[] = [];
  return {
    flushes,
    flush: () => {
      const flush = deferred();
      flushes.push(flush);
      return flush.promise;
    },
  };
}

test('a server that takes what it is sent is asked now and then, and nothing is refused', async () => {
  const connection = slowConnection();
  const outflow = createOutflow(100);
  for (let round = 1; round <= 5; round += 1) {
    for (let index = 0; index < 11; index += 1) outflow.count(connection, 10);
    expect(connection.flushes).toHaveLength(round);
    connection.flushes.at(-1)?.resolve();
    await Promise.resolve();
    await Promise.resolve();
  }
});

test('a server that takes nothing is given no more than a bounded amount', () => {
  const connection = slowConnection();
  const outflow = createOutflow(100);
  const publish = () => outflow.count(connection, 50);
  for (let index = 0; index < 5; index += 1) publish();
  expect(publish).toThrow(expect.objectContaining({ code: 'unavailable' }));
  expect(connection.flushes).toHaveLength(1);
  outflow.reset();
  expect(publish).not.toThrow();
});
