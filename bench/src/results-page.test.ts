import { expect, test } from 'vitest';
import { type Outcome, withTable } from './results-page.ts';

const outcome: Outcome = {
  bench: 'fanout',
  at: '2026-01-02T03:04:05.000Z',
  machine: { cores: 2, cpu: 'Some CPU', memoryGiB: 24, platform: 'linux x64', node: 'v24.0.0' },
  rows: [
    { what: 'a|b', measured: '1.2', target: '≤ 1.0', met: false },
    { what: 'raw', measured: '4', target: 'to compare', met: null },
  ],
  details: {},
};

test('the table is made anew, and the words around it stay', () => {
  const page = 'Before\n<!-- table: begin -->\nold\n<!-- table: end -->\nAfter\n';
  const once = withTable(page, [outcome]);
  expect(once).toMatch(/^Before\n/);
  expect(once).toMatch(/\nAfter\n$/);
  expect(once).not.toContain('old');
  expect(once).toContain('| a\\|b | 1.2 | ≤ 1.0 | **not met** |');
  expect(once).toContain('| raw | 4 | to compare |  |');
  expect(withTable(once, [outcome])).toBe(once);
});

test('a page without a place for it is not guessed at', () => {
  expect(() => withTable('no place', [])).toThrow('unable to write the results');
});
