import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Cluster, type ClusterNode, startCluster } from '@parley/cli/cluster';
import { silentLogger } from '@parley/service-kit';
import { Client } from 'pg';
import { burstOfReaders } from './src/burst-of-readers.ts';
import { type Child, startChild } from './src/child.ts';
import { withFolder } from './src/parley-run.ts';
import { usageOf } from './src/process-usage.ts';
import { type Row, report } from './src/report.ts';
import type { ResumeFigures, ResumeOrder } from './src/resume-clients.child.ts';
import { type SeededPeople, seedPeople } from './src/resume-seed.ts';
import { openSenders } from './src/sender-sockets.ts';
import { countingSettings, prepareCounting, statementCounts, statementsBetween } from './src/statement-count.ts';

// kill -9 of the fan-out node that holds everybody: how soon all are back on the other, what it costs the database, and what the others notice.
const quick = process.argv.includes('--quick');
const channels = quick ? 50 : 250;
const plan = { channels, clients: 20, senders: quick ? 40 : 200, readers: quick ? 200 : 1_000 };
const perSecond = 50;
const withinMs = 30_000;
const idleMs = quick ? 3_000 : 6_000;

interface Ground {
  readonly cluster: Cluster;
  readonly sql: Client;
  readonly clients: Child;
  readonly people: { readonly clients: SeededPeople; readonly senders: SeededPeople; readonly readers: SeededPeople };
}

const socketUrl = ({ url }: ClusterNode) => `${url.replace('http', 'ws')}/graphql`;
const fanout = ({ cluster }: Ground, index: number): ClusterNode => {
  const node = cluster.fanouts[index];
  if (node === undefined) throw new Error('unable to measure; a fan-out node is missing');
  return node;
};
const ask = <Answer>({ clients }: Ground, order: ResumeOrder) => clients.ask<Answer>(order);

/** Statements, with nothing else going on than what the nodes do by themselves: that much is taken off. */
async function quietRound(ground: Ground) {
  const { sql } = ground;
  const senders = await openSenders(socketUrl(fanout(ground, 1)), ground.people.senders);
  const idleBefore = await statementCounts(sql);
  await sleep(idleMs);
  const idle = total(idleBefore, await statementCounts(sql)) / idleMs;
  await ask(ground, { kind: 'aim', url: null });
  await fanout(ground, 0).kill('SIGKILL');
  // What they miss: three messages of most channels.
  for (let round = 0; round < 3; round += 1) await senders.sendAll();
  await sleep(2_000);
  const before = await statementCounts(sql);
  const cpuBefore = cpuOf(ground);
  const since = Date.now();
  await ask(ground, { kind: 'aim', url: socketUrl(fanout(ground, 1)) });
  const figures = await ask<ResumeFigures>(ground, { kind: 'await', since, withinMs });
  const cpuAfter = cpuOf(ground);
  const cpuMs = { fanout: cpuAfter.fanout - cpuBefore.fanout, apis: cpuAfter.apis - cpuBefore.apis };
  // What is checked after the event belongs to it.
  await sleep(1_500);
  const after = await statementCounts(sql);
  const tookMs = Date.now() - since;
  senders.close();
  const background = Math.round(idle * tookMs);
  const all = total(before, after);
  return {
    ...figures,
    statements: all - background,
    sent: all,
    background,
    tookMs,
    cpuMs,
    texts: statementsBetween(before, after)
      .slice(0, 25)
      .map(({ query, calls }) => ({ query: query.slice(0, 120), calls })),
  };
}

/** Of the node that takes everybody in, and of both API nodes. */
const cpuOf = (ground: Ground) => ({
  fanout: usageOf(fanout(ground, 1).pid).cpuMs,
  apis: ground.cluster.apis.reduce((sum, { pid }) => sum + usageOf(pid).cpuMs, 0),
});

const total = (before: ReadonlyMap<string, number>, after: ReadonlyMap<string, number>): number =>
  statementsBetween(before, after).reduce((sum, { calls }) => sum + calls, 0);

/** Times, and the acknowledgements of others, who go on sending to the channels of those who are cut off. */
async function loadedRound(ground: Ground) {
  await fanout(ground, 0).start();
  const senders = await openSenders(socketUrl(fanout(ground, 0)), ground.people.senders);
  const running = senders.start(perSecond);
  await sleep(quick ? 1_000 : 3_000);
  running.mark();
  await ask(ground, { kind: 'aim', url: socketUrl(fanout(ground, 0)) });
  const since = Date.now();
  await fanout(ground, 1).kill('SIGKILL');
  const figures = await ask<ResumeFigures>(ground, { kind: 'await', since, withinMs });
  const acknowledged = await running.stop();
  await sleep(1_000);
  senders.close();
  return { ...figures, acknowledged, behind: await behind(ground) };
}

/** Clients that have not seen all of their channel. */
async function behind(ground: Ground): Promise<number> {
  const positions = await ask<readonly { channelId: string; seq: number | null }[]>(ground, { kind: 'positions' });
  const { rows } = await ground.sql.query<{ id: string; seq: string }>(
    'SELECT channel_id AS id, seq FROM channels WHERE app_id = $1',
    [ground.cluster.app.appId],
  );
  const heads = new Map(rows.map(({ id, seq }) => [id, Number(seq)]));
  return positions.filter(({ channelId, seq }) => seq !== heads.get(channelId)).length;
}

async function measure(folder: string) {
  const cluster = await startCluster({
    api: 2,
    fanout: 2,
    nats: 1,
    dataDir: join(folder, 'data'),
    logger: silentLogger(),
    postgresSettings: countingSettings,
  });
  const sql = new Client({ connectionString: cluster.postgresUrl });
  await sql.connect();
  const clients = await startChild(new URL('./src/resume-clients.child.ts', import.meta.url));
  try {
    await prepareCounting(sql);
    const { appId, apiKey: keyId, apiSecret: secret } = cluster.app;
    const people = await seedPeople(sql, { ...plan, appId, keyId, secret });
    const ground: Ground = { cluster, sql, clients, people };
    await ask(ground, { kind: 'open', people: people.clients, url: socketUrl(fanout(ground, 0)) });
    const quiet = await quietRound(ground);
    const loaded = await loadedRound(ground);
    await ask(ground, { kind: 'close' });
    const node = fanout(ground, 0);
    const updatesBefore = await statementCounts(sql);
    const readers = await burstOfReaders(socketUrl(node), `${cluster.apis[0]?.url}/graphql`, people.readers);
    const readUpdates = statementsBetween(updatesBefore, await statementCounts(sql))
      .filter(({ query }) => /UPDATE members/i.test(query))
      .reduce((sum, { calls }) => sum + calls, 0);
    return { quiet, loaded, readers, readUpdates };
  } finally {
    await clients.stop();
    await sql.end();
    await cluster.close();
  }
}

const figures = await withFolder(measure);
const { quiet, loaded, readers } = figures;
const count = channels * plan.clients;
const wrong = ({ repeated, skipped, resets }: ResumeFigures) => repeated + skipped + resets;
const seconds = (ms: number) => `${(ms / 1_000).toFixed(1)} s`;
const aClient = quiet.statements / count;
const { acknowledged } = loaded;
const rows: Row[] = [
  {
    what: `kill -9 of the node that holds ${count} clients: all resumed on the other`,
    measured: `${loaded.synced} in ${seconds(loaded.lastMs)}, half in ${seconds(loaded.halfMs)}`,
    target: 'all in ≤ 15 s',
    met: loaded.synced === count && loaded.lastMs <= 15_000,
  },
  {
    what: 'events missed, repeated or reset; clients behind in the end',
    measured: `${wrong(loaded)}; ${loaded.behind}`,
    target: '0; 0',
    met: wrong(loaded) === 0 && loaded.behind === 0,
  },
  {
    what: 'SQL statements a resumed client',
    measured: `${aClient.toFixed(3)} (${quiet.statements} in ${seconds(quiet.lastMs)})`,
    target: '≤ 0.05',
    met: aClient <= 0.05 && quiet.synced === count,
  },
  {
    what: `acknowledgements of others meanwhile, ${perSecond} messages a second`,
    measured: `p50 ${acknowledged.p50.toFixed(1)}, p99 ${acknowledged.p99.toFixed(1)} ms, ${acknowledged.failed} failed`,
    target: 'p99 ≤ 250 ms',
    met: acknowledged.p99 <= 250 && acknowledged.failed === 0,
  },
  {
    what: `${plan.readers} users come online and join a channel: presence frames a second`,
    measured: `${readers.presenceFrames}, ${readers.seenOnline} seen`,
    target: '≤ 20',
    met: readers.presenceFrames <= 20 && readers.seenOnline >= plan.readers,
  },
  {
    what: `${plan.readers} readers of one message: read frames a second`,
    measured: `${readers.readFrames}, ${readers.seenReading} seen`,
    target: '≤ 5',
    met: readers.readFrames <= 5 && readers.seenReading >= plan.readers,
  },
  {
    what: 'the same: UPDATE statements',
    measured: String(figures.readUpdates),
    target: '≤ 20',
    met: figures.readUpdates <= 20,
  },
];
report('resume', rows, { ...figures });
