import { join, resolve } from 'node:path';
import { findNatsServer, startNats } from '@parley/local-nats';
import { startPostgres } from '@parley/local-postgres';
import { Client } from 'pg';
import { startApiProcess } from './src/api-process.ts';
import { seedChat, seedPast } from './src/chat-seed.ts';
import { startChild } from './src/child.ts';
import { type Contender, contest, ratio, spreadOf } from './src/contest.ts';
import { cpuUsOf } from './src/cpu-time.ts';
import { withFolder } from './src/parley-run.ts';
import { type Row, report } from './src/report.ts';
import type { SendFigures, SendTask } from './src/send-generator.ts';

// CPU of an API process for a send through its HTTP port, NATS and PostgreSQL beside it. With `--against <checkout>` the node of another checkout of the
// repository, installed, takes turns with this one on the same database: absolute figures differ from run to run, the share of the two does not.
// `--profile` writes a profile of this one's node, `--node-args "<args>"` gives it further arguments of Node, `--rounds <n>` and `--seconds <n>` make it longer.
const argument = (name: string): string | undefined => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? undefined : process.argv[at + 1];
};
const quick = process.argv.includes('--quick');
const rounds = Number(argument('rounds') ?? (quick ? 2 : 7));
const seconds = Number(argument('seconds') ?? (quick ? 1 : 3));
const against = argument('against');
const channels = 1_000;
const clients = 64;

await withFolder(async (folder) => {
  const postgres = await startPostgres({ dataDir: join(folder, 'data'), settings: { max_connections: '200' } });
  const nats = findNatsServer() === undefined ? null : await startNats();
  await postgres.createDatabase('bench');
  const databaseUrl = postgres.url('bench');
  const startNode = (checkout?: string, nodeArgs: readonly string[] = []) =>
    startApiProcess({
      databaseUrl,
      natsUrl: nats?.url,
      env: { USER_OPERATIONS_PER_MINUTE: '10000000', KEY_OPERATIONS_PER_MINUTE: '10000000' },
      nodeArgs,
      ...(checkout === undefined ? {} : { checkout }),
    });
  const profile = process.argv.includes('--profile') ? ['--cpu-prof', '--cpu-prof-dir=/tmp/parley-send-profile'] : [];
  const nodeArgs = [...profile, ...(argument('node-args')?.split(' ') ?? [])];
  const nodes = new Map([['this', await startNode(undefined, nodeArgs)]]);
  if (against !== undefined) nodes.set('other', await startNode(resolve(against)));
  const sql = new Client({ connectionString: databaseUrl });
  await sql.connect();
  const chat = await seedChat(sql, channels);
  await seedPast(sql, chat, 20);
  const generator = await startChild(new URL('./src/send-generator.ts', import.meta.url));

  const contenders = [...nodes].flatMap(([name, node]) =>
    [false, true].map(
      (hot): Contender => ({
        name: nameOf(name, hot),
        async measure() {
          const statements = await statementsOf(node.port);
          const before = cpuUsOf(node.pid);
          const task: SendTask = {
            chat,
            apiPort: node.port,
            databaseUrl,
            through: 'api',
            clients,
            hot,
            seconds,
            perSecond: null,
          };
          const { perSecond, failed } = await generator.ask<SendFigures>(task);
          if (failed > 0) throw new Error(`unable to measure; ${failed} sends failed`);
          const sends = perSecond * seconds;
          const cpuUs = (cpuUsOf(node.pid) - before) / sends;
          return { cpuUs, perSecond, statements: ((await statementsOf(node.port)) - statements) / sends };
        },
      }),
    ),
  );
  const result = await contest({ contenders, rounds, warmUp: 1 });

  const rowsOf = (hot: boolean): Row[] => {
    const where = hot ? 'one channel' : `${channels} channels`;
    const figure = (name: string, label: string): Row => {
      const { median, min, max } = spreadOf(result, nameOf(name, hot), 'cpuUs');
      const pace = spreadOf(result, nameOf(name, hot), 'perSecond').median;
      const statements = spreadOf(result, nameOf(name, hot), 'statements').median;
      return {
        what: `${label}: CPU of the API a send, ${where}, ${clients} clients, µs`,
        measured: `${median.toFixed(0)} (${min.toFixed(0)}–${max.toFixed(0)}) at ${pace.toFixed(0)}/s, ${statements.toFixed(2)} statements`,
        target: 'to compare',
        met: null,
      };
    };
    if (against === undefined) return [figure('this', 'this checkout')];
    const share = ratio(result, nameOf('this', hot), nameOf('other', hot), 'cpuUs');
    return [
      figure('this', 'this checkout'),
      figure('other', 'the other'),
      {
        what: `share of the other's, ${where}, round by round`,
        measured: `${share.median.toFixed(2)} (${share.min.toFixed(2)}–${share.max.toFixed(2)})`,
        target: 'to compare',
        met: null,
      },
    ];
  };
  report('api-cpu', [...rowsOf(false), ...rowsOf(true)], {
    rounds,
    seconds,
    nats: nats !== null,
    values: result.values,
  });
  await generator.stop();
  await sql.end();
  for (const node of nodes.values()) await node.stop();
  await nats?.stop();
  await postgres.stop();
});

function nameOf(name: string, hot: boolean): string {
  return `${name} ${hot ? 'hot' : 'spread'}`;
}

async function statementsOf(port: number): Promise<number> {
  const page = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  return Number(/^parley_sql_statements_total\S* (\d+)/m.exec(page)?.[1]);
}
