/** One way of doing the thing that is measured. */
export interface Contender {
  readonly name: string;
  /** One repetition: figure → value, e.g. `{ cpuUsPerDelivery: 4.1 }`. */
  measure(): Promise<Readonly<Record<string, number>>>;
}

export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

export interface ContestResult {
  readonly rounds: number;
  /** Contender → figure → one value a round. */
  readonly values: Readonly<Record<string, Readonly<Record<string, readonly number[]>>>>;
}

interface Contest {
  readonly contenders: readonly Contender[];
  /** At least 5 for a result that is published. */
  readonly rounds: number;
  /** Rounds before those, whose figures are dropped; 1 when absent. */
  readonly warmUp?: number;
}

/** Measures all contenders in each round, the order turned by one every time, so that no one always comes first or after the same other. */
export async function contest({ contenders, rounds, warmUp = 1 }: Contest): Promise<ContestResult> {
  const values = new Map(contenders.map(({ name }) => [name, new Map<string, number[]>()]));
  for (let round = -warmUp; round < rounds; round += 1) {
    for (const { name, measure } of turned(contenders, round + warmUp)) {
      const figures = await measure();
      if (round < 0) continue;
      const series = values.get(name);
      for (const [figure, value] of Object.entries(figures))
        series?.set(figure, [...(series.get(figure) ?? []), value]);
    }
  }
  return {
    rounds,
    values: Object.fromEntries([...values].map(([name, series]) => [name, Object.fromEntries(series)])),
  };
}

/** The same, beginning with another one. */
export function turned<T>(items: readonly T[], by: number): readonly T[] {
  const first = by % items.length;
  return [...items.slice(first), ...items.slice(0, first)];
}

/** @throws Error for a contender or a figure that was not measured */
export function spreadOf(result: ContestResult, contender: string, figure: string): Spread {
  return spread(seriesOf(result, contender, figure));
}

/** The figure of one contender as a multiple of another's, round by round. */
export function ratio(result: ContestResult, contender: string, other: string, figure: string): Spread {
  const numerators = seriesOf(result, contender, figure);
  const denominators = seriesOf(result, other, figure);
  return spread(numerators.map((value, round) => value / (denominators[round] ?? Number.NaN)));
}

/** Median and ends. */
export function spread(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  const low = sorted[Math.floor(middle)] ?? Number.NaN;
  const high = sorted[Math.ceil(middle)] ?? Number.NaN;
  return { median: (low + high) / 2, min: sorted[0] ?? Number.NaN, max: sorted.at(-1) ?? Number.NaN };
}

function seriesOf({ values }: ContestResult, contender: string, figure: string): readonly number[] {
  const series = values[contender]?.[figure];
  if (series === undefined) throw new Error(`unable to compare; ${contender} has no figure ${figure}`);
  return series;
}
