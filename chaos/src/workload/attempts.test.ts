import { ParleyError } from '@parley/contracts';
import { expect, test } from 'vitest';
import { persist } from './attempts.ts';

const { signal } = new AbortController();
const options = { patienceMs: 10_000, pauseMs: 0, signal };
const answering = (...codes: ('unavailable' | 'timeout' | 'forbidden' | null)[]) => {
  const left = [...codes];
  return async () => {
    const code = left.shift() ?? null;
    if (code !== null) throw new ParleyError(code, 'unable to');
    return 7;
  };
};

test('what passes is tried again until it is known', async () => {
  const ended = await persist(answering('timeout', 'unavailable', null), options);
  expect(ended).toEqual({ outcome: 'ok', code: null, value: 7, attempts: 3 });
});

test('a refusal is final, unless an earlier try may have been heard', async () => {
  expect(await persist(answering('forbidden'), options)).toMatchObject({ outcome: 'fail', code: 'forbidden' });
  expect(await persist(answering('timeout', 'forbidden'), options)).toMatchObject({ outcome: 'unknown' });
});

test('"nothing was written" is believed only of a single try that follows no open one', async () => {
  const believing = { ...options, abandon: () => true };
  expect(await persist(answering('unavailable'), believing)).toMatchObject({ outcome: 'fail', attempts: 1 });
  expect(await persist(answering('timeout', 'unavailable', null), believing)).toMatchObject({ outcome: 'ok' });
  const [patience, ended] = [{ ...options, patienceMs: -1 }, { outcome: 'unknown' }];
  expect(await persist(answering('unavailable'), patience)).toMatchObject(ended);
});

test('a try that goes on by itself leaves the outcome open when the patience ends', async () => {
  const ended = await persist(() => new Promise(() => {}), { ...options, patienceMs: 10 });
  expect(ended).toMatchObject({ outcome: 'unknown', code: 'timeout' });
});
