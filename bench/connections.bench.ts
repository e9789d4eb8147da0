import { setTimeout as sleep } from 'node:timers/promises';
import { findNatsServer, startNats } from '@parley/local-nats';
import { type Child, startChild } from './src/child.ts';
import type { ClientsOrder, Speech } from './src/clients.child.ts';
import { spread, turned } from './src/contest.ts';
import { cpuUsOf } from './src/cpu-time.ts';
import { startClients, startServer } from './src/fanout-contest.ts';
import { usageOf } from './src/process-usage.ts';
import { type Row, report } from './src/report.ts';

// What an open connection costs that nothing happens on: resident memory, and processor time for keeping it alive.
const quick = process.argv.includes('--quick');
const connections = quick ? 2_000 : 10_000;
const rounds = quick ? 1 : 3;
const perChannel = 20;
/** The node collects the questions of a burst of logins: few at a time would mostly wait. */
const atOnce = 500;
const warmUp = 200;
const settleMs = quick ? 2_000 : 8_000;
/** The idle time of a round, in so many parts. */
const idle = { parts: 5, ms: quick ? 1_000 : 4_000 };
const targets = { kilobytes: 25, idlePercent: 4 };

interface Connections {
  readonly name: string;
  readonly server: Child;
  readonly clients: Child;
  readonly rssBefore: number;
}

interface Contender {
  readonly name: string;
  readonly child: string;
  readonly speech: Speech;
}

const nats = findNatsServer() === undefined ? undefined : await startNats();
const env = nats === undefined ? {} : { NATS_URL: nats.url };
const stub =
  nats === undefined ? undefined : await startChild(new URL('./src/stub-api.child.ts', import.meta.url), { env });
const contenders: readonly Contender[] = [
  { name: 'parley', child: 'parley', speech: 'parley-inbox' },
  { name: 'raw ws', child: 'raw', speech: 'plain' },
  { name: 'socket.io', child: 'socket-io', speech: 'socket.io' },
  { name: 'graphql-ws', child: 'graphql-ws', speech: 'graphql-ws' },
];
const series = (): Record<string, number[]> => Object.fromEntries(contenders.map(({ name }) => [name, []]));
const kilobytes = series();
const idlePercent = series();
const connectSeconds = series();
let stats: unknown;
for (let round = 0; round < rounds; round += 1) {
  const connected: Connections[] = [];
  for (const contender of turned(contenders, round)) connected.push(await connect(contender));
  await sleep(settleMs);
  for (let part = 0; part < idle.parts; part += 1) await idleWith(connected);
  for (const { name, server, clients } of connected) {
    if (name === 'parley') stats = await server.ask({ kind: 'stats' });
    await server.stop();
    await clients.stop();
  }
}
await stub?.stop();
await nats?.stop();

const rows: Row[] = contenders.flatMap(({ name }) => {
  const isOurs = name === 'parley';
  const memory = spread(kilobytes[name] ?? []);
  const idleness = spread(idlePercent[name] ?? []);
  return [
    {
      what: `${name}: resident memory of a connection`,
      measured: `${memory.median.toFixed(1)} (${memory.min.toFixed(1)}-${memory.max.toFixed(1)}) KB`,
      target: isOurs ? `≤ ${targets.kilobytes} KB` : 'to compare',
      met: isOurs && !quick ? memory.median <= targets.kilobytes : null,
    },
    {
      what: `${name}: ${connections.toLocaleString('en')} connections without a message`,
      measured: `${idleness.median.toFixed(2)} (${idleness.min.toFixed(2)}-${idleness.max.toFixed(2)}) % of a core`,
      target: isOurs ? `≤ ${targets.idlePercent} %` : 'to compare',
      met: isOurs && !quick ? idleness.median <= targets.idlePercent : null,
    },
  ];
});
report('connections', rows, {
  method:
    `Each server in a process of its own on core 0, its clients in another on core 1, all at the same time; ${rounds} times from the start, the order ` +
    `of coming turned by one each time, ${idle.parts} readings each. Resident memory: after ${connections} connections less before, by ` +
    `/proc, with ${warmUp} opened and closed beforehand so that compiled code counts in neither; garbage is collected when each server sees fit, nobody ` +
    'was told to. A Parley connection has an inbox and one channel (20 connections a channel), a user of its own, and presence; graphql-ws has the channel ' +
    `alone, socket.io a room, raw ws nothing. Parley's bus: ${nats === undefined ? 'in memory, the stub of the API in the same process' : 'NATS, the stub of the API in another process'}.`,
  connections,
  rounds,
  connectSeconds,
  kilobytes,
  idlePercent,
  stats,
});

async function idleWith(connected: readonly Connections[]): Promise<void> {
  const before = connected.map(({ server }) => cpuUsOf(server.pid));
  const begun = performance.now();
  await sleep(idle.ms);
  const tookUs = (performance.now() - begun) * 1_000;
  connected.forEach(({ name, server, rssBefore }, index) => {
    kilobytes[name]?.push((usageOf(server.pid).rssBytes - rssBefore) / connections / 1_024);
    idlePercent[name]?.push(((cpuUsOf(server.pid) - (before[index] ?? 0)) / tookUs) * 100);
  });
}

async function connect({ name, child, speech }: Contender): Promise<Connections> {
  const server = await startServer(child, name === 'parley' ? env : {});
  const clients = await startClients();
  const address = await server.ask<string>({ kind: 'address' });
  const open = (group: string, count: number, firstIndex: number) => {
    const channels = Math.max(1, count / perChannel);
    const order: ClientsOrder = { kind: 'open', group, speech, address, count, channels, firstIndex, atOnce };
    return clients.ask(order);
  };
  await open('warm-up', warmUp, connections);
  await clients.ask({ kind: 'close', group: 'warm-up' } satisfies ClientsOrder);
  await sleep(settleMs / 2);
  const rssBefore = usageOf(server.pid).rssBytes;
  const begun = performance.now();
  await open(name, connections, 0);
  connectSeconds[name]?.push(Math.round((performance.now() - begun) / 100) / 10);
  return { name, server, clients, rssBefore };
}
