import { setTimeout as delay } from 'node:timers/promises';
import { check } from './checker/check.ts';
import type { ChannelAnswer, FinalState, Violation } from './checker/state.ts';
import type { RunContext, RunResult } from './fault.ts';
import { createHistory, type History } from './history.ts';
import type { Random } from './random.ts';
import { readAnswer, readRows } from './read-back.ts';
import { fullSizes, neighbourSizes, type Sizes, shortSizes } from './sizes.ts';
import { type Load, openLoad } from './workload/load.ts';
import type { Tenant } from './world/tenant.ts';
import type { Place, World } from './world/world.ts';

/** What a fault has in hand while people write and read. */
export interface Stage<W extends World> {
  readonly world: W;
  readonly tenant: Tenant;
  readonly load: Load;
  readonly history: History;
  readonly random: Random;
  readonly short: boolean;
  readonly log: (line: string) => void;
  /** Waits while the load goes on. */
  wait(ms: number): Promise<void>;
  /** Puts a figure into the result. */
  measure(name: string, value: number | string): void;
  /** A promise of this fault's own was broken. */
  broken(detail: string): void;
}

export interface UnderLoad<W extends World> {
  open(context: RunContext): Promise<W>;
  /** Gives the world back after the run. */
  release?(world: W, context: RunContext): Promise<void>;
  /** Where clients go; absent: to the world itself. */
  places?(world: W, random: Random): Promise<{ readonly places: readonly Place[]; close(): Promise<void> }>;
  readonly sizes?: Partial<Sizes>;
  /** Makes the fault happen and ends it: when it resolves, all is whole again. */
  inflict(stage: Stage<W>): Promise<void>;
  /** Looks at the fault's own promises once every operation has ended. */
  judge?(stage: Stage<W>): void;
  /** Allowed from the end of the fault until all is equal, ms. Default: 60 s. */
  readonly convergeWithinMs?: number;
}

const calmMs = { full: 2_000, short: 500 };
const convergeWithinMs = 60_000;
const lookEveryMs = 100;
const mostReported = 20;
const answersAtOnce = 8;

/** Runs a fault while writers write and subscribers read, lets everything come to rest, and checks all that was done and seen. */
export async function runUnderLoad<W extends World>(context: RunContext, plan: UnderLoad<W>): Promise<RunResult> {
  const { random, short, log } = context;
  const world = await plan.open(context);
  const history = createHistory();
  const figures: Record<string, number | string> = {};
  const broken: Violation[] = [];
  const loads: Load[] = [];
  const way = (await plan.places?.(world, random.fork('places'))) ?? {
    places: world.places,
    close: async () => undefined,
  };
  try {
    const open = async (sizes: Sizes, name: string, places: readonly Place[]): Promise<Load> => {
      const load = await openLoad({ tenant: await world.tenant(), places, sizes, history, random: random.fork(name) });
      loads.push(load);
      return load;
    };
    const sizes = { ...(short ? shortSizes : fullSizes), ...plan.sizes };
    const load = await open(sizes, 'app A', way.places);
    await open(neighbourSizes, 'app B', world.places);
    log('everybody is there');
    for (const one of loads) one.start();
    await delay(short ? calmMs.short : calmMs.full);

    const stage: Stage<W> = {
      world,
      tenant: load.tenant,
      load,
      history,
      random: random.fork('fault'),
      short,
      log,
      wait: (ms) => delay(ms),
      measure: (name, value) => {
        figures[name] = value;
      },
      broken: (detail) => void broken.push({ breach: 'promise', detail }),
    };
    await plan.inflict(stage);
    log('the fault is over');
    const wholeAt = performance.now();
    const within = plan.convergeWithinMs ?? convergeWithinMs;
    await Promise.all(loads.map((one) => one.finish()));
    plan.judge?.(stage);
    let last = await converge(world, history, loads, wholeAt + within);
    const convergedMs = last.length === 0 ? Math.round(performance.now() - wholeAt) : null;
    log(convergedMs === null ? 'not everybody came to the same' : `everybody had everything after ${convergedMs} ms`);
    if (last.length === 0) {
      // Whoever fell silent without anybody noticing would miss what comes now.
      for (const one of loads) one.greet();
      await Promise.all(loads.map((one) => one.finish()));
      last = await converge(world, history, loads, performance.now() + within);
    }
    return {
      acknowledged: history.sends.filter(({ outcome }) => outcome === 'ok').length,
      violations: [...last, ...broken],
      convergedMs,
      figures: { ...figures, unknown: history.sends.filter(({ outcome }) => outcome === 'unknown').length },
    };
  } finally {
    for (const one of loads) one.close();
    await way.close();
    await plan.release?.(world, context);
  }
}

/** Looks until nothing is wrong any more, or the deadline; gives what is wrong then. */
async function converge(
  world: World,
  history: History,
  loads: readonly Load[],
  deadline: number,
): Promise<Violation[]> {
  for (;;) {
    const state = await restingState(world, loads);
    const early = check(history, state);
    // What the API answers costs a query a channel, and says nothing new while clients still lack something.
    const found = early.length > 0 ? early : check(history, { ...state, answers: await answersOf(loads) });
    const violations = found.slice(0, mostReported);
    // A breach of order or a double is there to stay.
    const hopeless = violations.some(({ breach }) => !passing.has(breach));
    if (violations.length === 0 || hopeless || performance.now() > deadline) return violations;
    await delay(lookEveryMs);
  }
}

/** What may only not be so yet. */
const passing: ReadonlySet<Violation['breach']> = new Set(['lost', 'diverged', 'unread']);

async function restingState(world: World, loads: readonly Load[]): Promise<FinalState> {
  const rows = await Promise.all(loads.map(({ tenant }) => readRows(world.databaseUrl, tenant.appId)));
  return {
    rows: rows.flat(),
    answers: [],
    clients: loads.flatMap((load) => load.views()),
    inboxes: loads.flatMap((load) => load.inboxes()),
  };
}

async function answersOf(loads: readonly Load[]): Promise<ChannelAnswer[]> {
  const channels = loads.flatMap(({ tenant, cast }) =>
    cast.channels.map(({ id, memberIds }) => ({ tenant, id, userId: memberIds.at(-1) ?? '' })),
  );
  const answers: ChannelAnswer[] = [];
  for (let at = 0; at < channels.length; at += answersAtOnce) {
    const some = channels.slice(at, at + answersAtOnce);
    answers.push(...(await Promise.all(some.map(({ tenant, id, userId }) => readAnswer(tenant, id, userId)))));
  }
  return answers;
}
