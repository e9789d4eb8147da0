import { join } from 'node:path';
import { findNatsServer, startNats } from '@parley/local-nats';
import { startPostgres } from '@parley/local-postgres';
import { Client } from 'pg';
import { startApiProcess } from './src/api-process.ts';
import { defineBareSend } from './src/bare-send.ts';
import { seedChat, seedPast } from './src/chat-seed.ts';
import { startChild } from './src/child.ts';
import { type Contender, contest, ratio, spreadOf } from './src/contest.ts';
import { withFolder } from './src/parley-run.ts';
import { usageOf } from './src/process-usage.ts';
import { type Row, report } from './src/report.ts';
import type { SendFigures, SendTask } from './src/send-generator.ts';

// Sends through GraphQL over HTTP, acknowledged after COMMIT, beside the same rows written by one function call of a database client. The API, NATS,
// PostgreSQL with its own defaults and the generator are four processes; the same generator drives both.
const quick = process.argv.includes('--quick');
const rounds = quick ? 1 : 5;
const seconds = quick ? 0.8 : 1.5;
const channels = 1_000;
const clientCounts = [1, 16, 64];
const targets = { spread: 0.35, hot: 1, p50: 5, p99: 30 };

await withFolder(async (folder) => {
  const postgres = await startPostgres({ dataDir: join(folder, 'data'), settings: { max_connections: '200' } });
  const nats = findNatsServer() === undefined ? null : await startNats();
  await postgres.createDatabase('bench');
  const databaseUrl = postgres.url('bench');
  const api = await startApiProcess({
    databaseUrl,
    natsUrl: nats?.url,
    env: { USER_OPERATIONS_PER_MINUTE: '10000000', KEY_OPERATIONS_PER_MINUTE: '10000000' },
    nodeArgs: process.argv.includes('--profile') ? ['--cpu-prof', '--cpu-prof-dir=/tmp/parley-send-profile'] : [],
  });
  const sql = new Client({ connectionString: databaseUrl });
  await sql.connect();
  const chat = await seedChat(sql, channels);
  await seedPast(sql, chat, 100);
  await defineBareSend(sql);
  const generator = await startChild(new URL('./src/send-generator.ts', import.meta.url));
  const run = (task: Pick<SendTask, 'through' | 'clients' | 'hot' | 'seconds' | 'perSecond'>) =>
    generator.ask<SendFigures>({ chat, apiPort: api.port, databaseUrl, ...task });

  const nameOf = (through: 'api' | 'sql', hot: boolean, clients: number) =>
    `${through} ${hot ? 'hot' : 'spread'} ${clients}`;
  const contenders = clientCounts.flatMap((clients) =>
    [false, true].flatMap((hot) =>
      (['api', 'sql'] as const).map(
        (through): Contender => ({
          name: nameOf(through, hot, clients),
          async measure() {
            const before = usageOf(api.pid).cpuMs;
            const { perSecond, failed, latency } = await run({ through, clients, hot, seconds, perSecond: null });
            if (failed > 0) throw new Error(`unable to measure; ${failed} sends failed`);
            const sends = perSecond * seconds;
            return {
              perSecond,
              p50: latency.p50,
              p99: latency.p99,
              apiCpuUsPerSend: ((usageOf(api.pid).cpuMs - before) * 1_000) / sends,
            };
          },
        }),
      ),
    ),
  );
  const open = (through: 'api' | 'sql'): Contender => ({
    name: `${through} open`,
    async measure() {
      const { latency, failed } = await run({
        through,
        clients: 64,
        hot: false,
        seconds: quick ? 2 : 4,
        perSecond: 300,
      });
      if (failed > 0) throw new Error(`unable to measure; ${failed} sends failed`);
      return { p50: latency.p50, p95: latency.p95, p99: latency.p99, max: latency.max };
    },
  });
  const result = await contest({ contenders: [open('api'), open('sql'), ...contenders], rounds, warmUp: 1 });

  const format = (contender: string, figure: string, digits = 1) => {
    const { median, min, max } = spreadOf(result, contender, figure);
    return `${median.toFixed(digits)} (${min.toFixed(digits)}–${max.toFixed(digits)})`;
  };
  const saturation = (hot: boolean, clients: number, target: number | null): Row => {
    const [own, bare] = [nameOf('api', hot, clients), nameOf('sql', hot, clients)];
    const share = ratio(result, own, bare, 'perSecond');
    return {
      what: `${hot ? 'one channel' : `${channels} channels`}, ${clients} clients: share of the bare function call`,
      measured: `${share.median.toFixed(2)} (${share.min.toFixed(2)}–${share.max.toFixed(2)}) ${format(own, 'perSecond', 0)}/s`,
      target: target === null ? 'to compare' : `≥ ${target}`,
      met: target === null ? null : share.median >= target,
    };
  };
  const p50 = spreadOf(result, 'api open', 'p50').median;
  const p99 = spreadOf(result, 'api open', 'p99').median;
  report(
    'send',
    [
      {
        what: '300 msg/s over 1,000 channels, ack p50, ms',
        measured: format('api open', 'p50'),
        target: `≤ ${targets.p50}`,
        met: p50 <= targets.p50,
      },
      {
        what: '300 msg/s over 1,000 channels, ack p99, ms',
        measured: format('api open', 'p99'),
        target: `≤ ${targets.p99}`,
        met: p99 <= targets.p99,
      },
      {
        what: 'the same by the bare function call, p50, ms',
        measured: format('sql open', 'p50'),
        target: 'to compare',
        met: null,
      },
      {
        what: 'the same by the bare function call, p99, ms',
        measured: format('sql open', 'p99'),
        target: 'to compare',
        met: null,
      },
      ...clientCounts.map((clients) => saturation(false, clients, clients === 64 ? targets.spread : null)),
      ...clientCounts.map((clients) => saturation(true, clients, clients === 64 ? targets.hot : null)),
      {
        what: 'CPU of the API a send, 1,000 channels, 64 clients, µs',
        measured: format('api spread 64', 'apiCpuUsPerSend', 0),
        target: 'to compare',
        met: null,
      },
    ],
    { rounds, seconds, nats: nats !== null, values: result.values },
  );
  await generator.stop();
  await sql.end();
  await api.stop();
  await nats?.stop();
  await postgres.stop();
});
