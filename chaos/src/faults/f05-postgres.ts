import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { percentile } from '../latency.ts';
import type { Stage } from '../under-load.ts';
import { within } from '../within.ts';
import type { ProcessWorld } from '../world/processes.ts';
import { processFaults } from './process-faults.ts';

const passing: ReadonlySet<string | null> = new Set(['unavailable', 'timeout', 'rate_limited']);
/** Within which a send that cannot be done is refused, whatever Postgres does, and what the answer may take on the way. */
const answerWithinMs = 5_000 + 1_000;

const fault = processFaults({ judge: checkAnswers });

export const postgresRestarted = fault('F5a', 'Postgres is restarted (fast)', 0, async ({ world, wait, random }) => {
  await wait(random.between(0, 1_000));
  await world.cluster.postgres.restart('fast');
});

export const postgresCrashed = fault(
  'F5b',
  'Postgres crashes and recovers, twice',
  1,
  async ({ world, wait, random, short }) => {
    for (let crash = 0; crash < (short ? 1 : 2); crash += 1) {
      await wait(random.between(0, 1_000));
      await world.cluster.postgres.restart('immediate');
    }
  },
);

export const backendsKilled = fault('F5c', 'backends of Postgres are ended, and one killed (-9)', 0, async (stage) => {
  const { world, wait, random, short } = stage;
  await withClient(world, async (client) => {
    for (let kill = 0; kill < (short ? 2 : 10); kill += 1) {
      await wait(random.between(0, 500));
      await client.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() ORDER BY random() LIMIT 3`);
    }
    const victim = await client.query<{ pid: number }>(`SELECT pid FROM pg_stat_activity
      WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() ORDER BY random() LIMIT 1`);
    const pid = victim.rows[0]?.pid;
    // Postgres takes this for a crash: everybody is thrown out and it recovers.
    if (pid !== undefined) process.kill(pid, 'SIGKILL');
  });
  await untilUp(world);
});

export const poolExhausted = fault(
  'F5d',
  'every connection of every pool waits for 8 s',
  0,
  async ({ world, wait, short }) => {
    await withClient(world, async (client) => {
      await client.query('BEGIN; LOCK TABLE channels, messages, members IN ACCESS EXCLUSIVE MODE');
      await wait(short ? 2_000 : 8_000);
      await client.query('ROLLBACK');
    });
  },
);

export const rowLocked = fault('F5e', "one channel's row is locked for 30 s", 0, async (stage) => {
  const { world, tenant, load, history, wait, short, measure, broken } = stage;
  const { id } = stage.random.pick(load.cast.channels);
  const before = Date.now();
  await wait(short ? 1_000 : 5_000);
  await withClient(world, async (client) => {
    await client.query('BEGIN');
    await client.query('SELECT 1 FROM channels WHERE app_id = $1 AND channel_id = $2 FOR UPDATE', [tenant.appId, id]);
    const from = Date.now();
    await wait(short ? 2_000 : 30_000);
    const others = history.sends.filter(({ channelId, outcome }) => channelId !== id && outcome === 'ok');
    const took = (sends: typeof others) =>
      percentile(
        sends.map(({ invokedAt, endedAt }) => endedAt - invokedAt),
        0.99,
      );
    const calm = took(others.filter(({ invokedAt }) => invokedAt >= before && invokedAt < from));
    const meanwhile = took(others.filter(({ invokedAt }) => invokedAt >= from));
    measure("other channels' p99 before, ms", calm);
    measure("other channels' p99 meanwhile, ms", meanwhile);
    const through = history.sends.filter(
      (send) => send.channelId === id && send.appId === tenant.appId && send.invokedAt > from && send.outcome === 'ok',
    );
    if (through.length > 0) broken(`${through.length} sends to the locked channel were acknowledged`);
    await client.query('ROLLBACK');
  });
});

/** Every plain request that could not be done was refused in time, with a code that says to try again. */
function checkAnswers({ history, short, measure, broken }: Stage<ProcessWorld>): void {
  const refused = history.answers.filter(({ code }) => code !== null && code !== 'forbidden' && code !== 'conflict');
  const final = refused.filter(({ code }) => !passing.has(code));
  const slowest = Math.max(0, ...refused.map(({ ms }) => ms));
  measure(
    'slowest acknowledgement, ms',
    Math.max(0, ...history.answers.map(({ ms, code }) => (code === null ? ms : 0))),
  );
  measure('slowest refusal, ms', slowest);
  measure('refused for now', refused.length);
  if (slowest > within(answerWithinMs, { short })) broken(`a plain request to send was refused after ${slowest} ms`);
  for (const { code } of final) broken(`a plain request to send was refused with ${code}`);
}

async function withClient(world: ProcessWorld, work: (client: Client) => Promise<void>): Promise<void> {
  const client = new Client({ connectionString: world.databaseUrl, connectionTimeoutMillis: 10_000 });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function untilUp(world: ProcessWorld): Promise<void> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    try {
      return await withClient(world, async (client) => void (await client.query('SELECT 1')));
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await delay(100);
    }
  }
}
