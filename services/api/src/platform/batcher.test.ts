import { afterEach, expect, test, vi } from 'vitest';
import { createBatcher } from './batcher.ts';

afterEach(() => {
  vi.useRealTimers();
});

/** Rounds that the test ends itself; each answers with its questions doubled. */
function heldRounds(options: { most?: number; concurrency?: number } = {}) {
  const rounds: { readonly questions: readonly number[]; end(error?: Error): void }[] = [];
  const ask = createBatcher<number, number>({
    most: options.most ?? 100,
    concurrency: options.concurrency ?? 1,
    ask: (questions) =>
      new Promise((resolve, reject) => {
        const answers = questions.map((question) => (question < 0 ? new Error(`no ${question}`) : question * 2));
        rounds.push({ questions, end: (error) => (error === undefined ? resolve(answers) : reject(error)) });
      }),
  });
  return { ask, rounds };
}

test('questions that come while others are being answered are answered together, each with its own answer', async () => {
  const { ask, rounds } = heldRounds();
  const first = ask(1);
  await vi.waitFor(() => expect(rounds).toHaveLength(1));
  const later = [ask(2), ask(-3), ask(4)];
  rounds[0]?.end();
  expect(await first).toBe(2);
  await vi.waitFor(() => expect(rounds).toHaveLength(2));
  expect(rounds[1]?.questions).toEqual([2, -3, 4]);
  rounds[1]?.end();
  expect(await Promise.allSettled(later)).toMatchObject([{ value: 4 }, { reason: new Error('no -3') }, { value: 8 }]);
});

test('a round that fails fails for those in it, and the next one is asked', async () => {
  const { ask, rounds } = heldRounds();
  const lost = [ask(1), ask(2)];
  await vi.waitFor(() => expect(rounds).toHaveLength(1));
  const kept = ask(3);
  rounds[0]?.end(new Error('away'));
  expect((await Promise.allSettled(lost)).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  await vi.waitFor(() => expect(rounds).toHaveLength(2));
  rounds[1]?.end();
  expect(await kept).toBe(6);
});

test('no round is larger than allowed, and no more run at once than allowed', async () => {
  const { ask, rounds } = heldRounds({ most: 2, concurrency: 2 });
  const all = [1, 2, 3, 4, 5].map(ask);
  await vi.waitFor(() =>
    expect(rounds.map(({ questions }) => questions)).toEqual([
      [1, 2],
      [3, 4],
    ]),
  );
  rounds[1]?.end();
  await vi.waitFor(() => expect(rounds).toHaveLength(3));
  for (const round of rounds) round.end();
  expect(await Promise.all(all)).toEqual([2, 4, 6, 8, 10]);
});

test('in a crowd rounds keep their distance, and a single question afterwards does not wait', async () => {
  vi.useFakeTimers();
  const rounds: number[] = [];
  const ask = createBatcher<number, number>({
    most: 100,
    concurrency: 2,
    burst: { from: 5, ms: 100 },
    ask: async (questions) => {
      rounds.push(questions.length);
      return questions;
    },
  });
  for (let index = 0; index < 200; index += 1) {
    void ask(index);
    await vi.advanceTimersByTimeAsync(2);
  }
  await vi.advanceTimersByTimeAsync(200);
  expect(rounds.reduce((sum, count) => sum + count, 0)).toBe(200);
  expect(rounds.length).toBeLessThanOrEqual(12);
  await vi.advanceTimersByTimeAsync(1_000);
  const before = rounds.length;
  void ask(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(rounds.length).toBe(before + 1);
});
