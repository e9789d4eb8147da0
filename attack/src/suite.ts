import type { Attack, Within } from './attack.ts';
import type { Target } from './target.ts';

/** What is said of one attack. */
export interface Row {
  readonly name: string;
  readonly what: string;
  readonly bound: string;
  readonly measured: string;
  readonly verdict: 'held' | 'BROKEN' | 'left out';
}

export interface SuiteOptions {
  readonly say?: (line: string) => void;
  /** How many times as long as promised things may take: on a machine that does other things as well, more than once. */
  readonly slack?: number;
}

/** Runs attacks one after the other, so that none disturbs another's figures. */
export async function runAttacks(
  attacks: readonly Attack[],
  target: Target,
  { say = () => undefined, slack = 1 }: SuiteOptions = {},
): Promise<readonly Row[]> {
  const within = (ms: number) => ms * slack;
  const rows: Row[] = [];
  for (const attack of attacks) {
    const row = await tried(attack, target, within);
    say(`${row.verdict}  ${row.name}: ${row.measured}`);
    rows.push(row);
  }
  return rows;
}

async function tried(attack: Attack, target: Target, within: Within): Promise<Row> {
  const { name, what, bound } = attack;
  if (attack.needs?.(target) === false)
    return { name, what, bound, measured: 'the target lacks what this needs', verdict: 'left out' };
  try {
    const { measured, held } = await attack.run(target, within);
    return { name, what, bound, measured, verdict: held ? 'held' : 'BROKEN' };
  } catch (error) {
    // A platform that does not answer any more is a finding too.
    const why = error instanceof Error ? error.message : String(error);
    return { name, what, bound, measured: `the attack ended in "${why}"`, verdict: 'BROKEN' };
  }
}
