import { brokers } from './src/brokers.ts';
import { type ContestResult, contest, ratio, type Spread, spread, spreadOf } from './src/contest.ts';
import { cpuUsOf } from './src/cpu-time.ts';
import { Audience, type Stage, startClients, startServer } from './src/fanout-contest.ts';
import { type Row, report } from './src/report.ts';

// One event to 1,000 subscribers of one channel: what a delivery costs the server, how fast a burst goes, how long a message is on its way.
const quick = process.argv.includes('--quick');
const subscribers = 1_000;
const rounds = quick ? 2 : 5;
/** A pace that the others keep: an event takes graphql-ws, which executes 1,000 times, about 45 ms. */
const steady: Pace = { perSecond: 10, seconds: quick ? 0.8 : 2 };
/** For Prosody, which an event takes about 160 ms, and for ours beside it; as many events. */
const slow: Pace = { perSecond: 5, seconds: quick ? 1.6 : 4 };
const loaded: Pace = { perSecond: 60, seconds: quick ? 0.4 : 1.5 };
const burst = { size: 10, times: quick ? 5 : 15 };
const proof = { perSecond: steady.perSecond * 2, seconds: 2 };

interface Pace {
  readonly perSecond: number;
  readonly seconds: number;
}

interface Entry {
  readonly stage: Stage;
  readonly pace: Pace;
  /** Whether it keeps the pace under load and in bursts. */
  readonly isFast: boolean;
}

const clients = await startClients();
const audience = new Audience(clients, subscribers);
const closing: (() => Promise<void>)[] = [() => clients.stop()];

const entries = new Map<string, Entry>();
const seat = async (
  name: string,
  child: string,
  options: Omit<Parameters<Audience['seat']>[1], 'name'>,
  isFast = true,
) => {
  const server = await startServer(child);
  closing.push(() => server.stop());
  entries.set(name, { stage: await audience.seat(server, { name, ...options }), pace: steady, isFast });
};
await seat('parley', 'parley', { speech: 'parley' });
const own = stageOf('parley');
await seat('parley, ids that differ', 'parley', { speech: 'parley', ids: 'random' });
await seat('raw ws', 'raw', { speech: 'plain' });
await seat('socket.io', 'socket-io', { speech: 'socket.io' });
await seat('graphql-ws', 'graphql-ws', { speech: 'graphql-ws' }, false);
for (const { name, speech, isSlow, start } of brokers()) {
  if (start === undefined) continue;
  const daemon = await start();
  closing.push(() => daemon.stop());
  const stage = await audience.seatAtBroker(daemon, { name, speech });
  entries.set(name, { stage, pace: isSlow ? slow : steady, isFast: speech === 'mqtt' });
  if (isSlow) entries.set('parley, slow', { stage: own, pace: slow, isFast: false });
}

const generator = await proveGenerator();
const executionsBefore = await executions();
const bytes: Record<string, number> = {};
const result = await contest({
  rounds,
  warmUp: 1,
  contenders: [...entries].map(([name, entry]) => ({ name, measure: () => measure(name, entry) })),
});
const executed = (await executions()) - executionsBefore;
const published = (rounds + 1) * eventsOf(own);
for (const close of closing) await close();
report('fanout', rowsOf(result), {
  method:
    'One process a server, all on core 0, one generator on core 1; each round every contender in turn. Messages of 300 bytes in the same result of ' +
    'the same selection, for XMPP the text alone; mosquitto, ejabberd and Prosody get it from one of the subscribers, the others publish in the process ' +
    'of the server. CPU: what the scheduler booked on all threads of the server and of its child processes. ejabberd and Prosody: one room, anonymous ' +
    'log-ins, plain TCP, no history, no presence of others, the modules that their Debian packages turn on; measured when they have been idle after all ' +
    'came. Prosody and ours beside it: at the slow pace, since it does not keep the other. The ' +
    'fan-out node is the real one, over the memory bus, with a stub of the API behind it that publishes each event in a bus message of its own. ' +
    'Raw ws: one Buffer an event, `ws.send` to each. Bursts: 10 events in one turn, the next burst when all clients have all of the last.',
  subscribers,
  rounds,
  steady,
  slow,
  loaded,
  burst,
  generator,
  bytesPerMessage: bytes,
  executionsPerEvent: executed / published,
  values: result.values,
});

async function measure(name: string, { stage, pace, isFast }: Entry): Promise<Record<string, number>> {
  const calm = await audience.steady(stage, pace.perSecond, pace.seconds);
  bytes[name] = Math.round(calm.bytesPerMessage);
  const figures = {
    cpuUs: calm.cpuUsPerDelivery,
    calmP50: calm.latency.p50,
    calmP99: calm.latency.p99,
  };
  if (!isFast) return figures;
  const busy = await audience.steady(stage, loaded.perSecond, loaded.seconds);
  const bursts = await audience.bursts(stage, burst.size, burst.times);
  return {
    ...figures,
    busyCpuUs: busy.cpuUsPerDelivery,
    busyP50: busy.latency.p50,
    busyP99: busy.latency.p99,
    burstCpuUs: bursts.cpuUsPerDelivery,
    burstPerSecond: bursts.deliveriesPerSecond,
  };
}

function stageOf(name: string): Stage {
  const entry = entries.get(name);
  if (entry === undefined) throw new Error(`unable to measure; there is no ${name}`);
  return entry.stage;
}

/** That are published on a stage in a round. */
function eventsOf(stage: Stage): number {
  const count = ({ perSecond, seconds }: Pace) => perSecond * seconds;
  return [...entries.values()]
    .filter((entry) => entry.stage === stage)
    .reduce((sum, { pace, isFast }) => sum + count(pace) + (isFast ? count(loaded) + burst.size * burst.times : 0), 0);
}

/** That the generator reads twice what it is asked to, from a server that does nothing else. */
async function proveGenerator() {
  const raw = stageOf('raw ws');
  await audience.steady(raw, proof.perSecond, 0.5);
  const cpu = cpuUsOf(audience.pid);
  const begun = performance.now();
  const { deliveriesPerSecond } = await audience.steady(raw, proof.perSecond, proof.seconds);
  const busy = (cpuUsOf(audience.pid) - cpu) / ((performance.now() - begun) * 1_000);
  return { deliveriesPerSecond: Math.round(deliveriesPerSecond), coreUsed: Number(busy.toFixed(2)) };
}

async function executions(): Promise<number> {
  const stats = await own.stats();
  // Parsing edge: the stats of the node in the other process.
  return (stats as { readonly executions: number }).executions;
}

function rowsOf(result: ContestResult): readonly Row[] {
  const cost = (other: string, most: number, ours = 'parley', pace = ''): readonly Row[] =>
    entries.has(other)
      ? [
          row({
            what: `CPU of a delivery, steady, against ${other}${pace}`,
            spread: ratio(result, ours, other, 'cpuUs'),
            unit: `× (${us(ours)} / ${us(other)} µs)`,
            most,
          }),
        ]
      : [
          {
            what: `CPU of a delivery, steady, against ${other}${pace}`,
            measured: 'not compared: it is not installed here',
            target: `≤ ${most}`,
            met: null,
          },
        ];
  const us = (name: string) => spreadOf(result, name, 'cpuUs').median.toFixed(1);
  const added = (figure: string) => difference(result, figure);
  const perSecond = (name: string) => `${Math.round(spreadOf(result, name, 'burstPerSecond').median / 1_000)}`;
  const differing = ratio(result, 'parley, ids that differ', 'raw ws', 'cpuUs');
  return [
    ...cost('raw ws', 1),
    ...cost('socket.io', 0.8),
    ...cost('graphql-ws', 0.25),
    ...cost('mosquitto', 1.25),
    ...cost('ejabberd', 0.4),
    ...cost('Prosody', 0.1, 'parley, slow', ` (${slow.perSecond} events a second)`),
    row({ what: 'the same, each client with operation ids of its own', spread: differing, unit: '× raw ws' }),
    row({
      what: `deliveries a second in bursts of ${burst.size}, against raw ws`,
      spread: ratio(result, 'parley', 'raw ws', 'burstPerSecond'),
      unit: `× (${perSecond('parley')} / ${perSecond('raw ws')} thousand)`,
      least: 3,
    }),
    row({ what: 'latency added to raw ws, p50, idle', spread: added('calmP50'), unit: 'ms', most: 1 }),
    row({ what: 'latency added to raw ws, p99, idle', spread: added('calmP99'), unit: 'ms' }),
    row({ what: 'latency added to raw ws, p50, loaded', spread: added('busyP50'), unit: 'ms', most: 10 }),
    row({ what: 'latency added to raw ws, p99, loaded', spread: added('busyP99'), unit: 'ms', most: 10 }),
    {
      what: 'executions for an event and 1,000 equal subscribers',
      measured: (executed / published).toFixed(3),
      target: '1',
      met: executed === published,
    },
  ];
}

function difference(result: ContestResult, figure: string): Spread {
  const [own = [], other = []] = ['parley', 'raw ws'].map((name) => result.values[name]?.[figure]);
  return spread(own.map((value, round) => value - (other[round] ?? Number.NaN)));
}

interface Measurement {
  readonly what: string;
  readonly spread: Spread;
  readonly unit: string;
  readonly most?: number;
  readonly least?: number;
}

function row({ what, spread: { median, min, max }, unit, most, least }: Measurement): Row {
  const met = most !== undefined ? median <= most : least !== undefined ? median >= least : null;
  const target = most !== undefined ? `≤ ${most}` : least !== undefined ? `≥ ${least}` : 'to compare';
  return { what, measured: `${median.toFixed(2)} (${min.toFixed(2)}-${max.toFixed(2)}) ${unit}`, target, met };
}
