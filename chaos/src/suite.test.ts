import { expect, test } from 'vitest';
import type { Fault, RunResult } from './fault.ts';
import { runSuite } from './suite.ts';
import { renderTable } from './table.ts';
import type { Worlds } from './world/worlds.ts';

const good: RunResult = { acknowledged: 10, violations: [], convergedMs: 500, figures: {} };
const worlds: Worlds = {
  inside: () => Promise.reject(new Error('no world is needed')),
  processes: () => Promise.reject(new Error('no world is needed')),
  discard: async () => undefined,
  close: async () => undefined,
};
const suite = (run: Fault['run'], runs?: number) =>
  runSuite({
    faults: [{ id: 'F1', title: 'something breaks', runs: { full: 3, short: 0 }, run }],
    worlds,
    seed: 40,
    runs,
    short: false,
    log: () => undefined,
  });

test('a row adds up its runs, and their seeds lead back to each', async () => {
  const drawn: number[] = [];
  const [row] = await suite(async ({ random }) => {
    drawn.push(random.next());
    return { ...good, convergedMs: drawn.length * 100 };
  });
  expect(row).toMatchObject({ runs: 3, acknowledged: 30, convergedMs: 300, seeds: [40, 41, 42], passed: true });
  expect(new Set(drawn).size).toBe(3);
});

test('what one run broke breaks the row', async () => {
  const lost = { breach: 'lost', detail: 'a send' } as const;
  let runs = 0;
  const [row] = await suite(async () => {
    runs += 1;
    return runs === 2 ? { ...good, violations: [lost], convergedMs: null } : good;
  });
  expect(row).toMatchObject({ lost: 1, duplicated: 0, convergedMs: null, passed: false });
  expect(row?.violations).toEqual([{ ...lost, seed: 41 }]);
  expect(renderTable(row === undefined ? [] : [row])).toMatch(/F1 .*something breaks.*BROKEN/);
});

test('a run that cannot be made is no run that held', async () => {
  const [row] = await suite(() => Promise.reject(new Error('unable to start')), 1);
  expect(row).toMatchObject({ runs: 1, other: 1, passed: false });
});
