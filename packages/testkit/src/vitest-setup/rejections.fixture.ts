import { expect, test } from 'vitest';

test('innocent', () => {
  expect(1).toBe(1);
});

test('guilty', () => {
  void Promise.reject(new Error('nobody waits for me'));
});

test('innocent as well', async () => {
  await expect(Promise.reject(new Error('awaited'))).rejects.toThrow('awaited');
});
