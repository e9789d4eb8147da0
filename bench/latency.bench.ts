import { join } from 'node:path';
import { browserLatency } from './src/browser-latency.ts';
import { spread } from './src/contest.ts';
import type { LatencySummary } from './src/histogram.ts';
import { nodeLatency } from './src/node-latency.ts';
import { withFolder } from './src/parley-run.ts';
import { type Row, report } from './src/report.ts';

// From send to receive: between processes across nodes, and from the key in one browser to the pixels in another.
const quick = process.argv.includes('--quick');
const subscribers = 100;
const perSecond = 200;

const nodes = await withFolder((folder) =>
  nodeLatency({
    subscribers,
    perSecond,
    secondsARound: quick ? 2 : 8,
    rounds: quick ? 2 : 5,
    dataDir: join(folder, 'data'),
  }),
);
const browsers = quick ? null : await browserLatency();

type Point = 'p50' | 'p95' | 'p99';
const figures = (rounds: readonly LatencySummary[]) => {
  const at = (point: Point) => spread(rounds.map((round) => round[point]));
  return { p50: at('p50'), p95: at('p95'), p99: at('p99') };
};
const received = figures(nodes.parley.map((round) => round.received));
const acknowledged = figures(nodes.parley.map((round) => round.acknowledged));
const relay = figures(nodes.relay);
const ms = (value: number) => value.toFixed(1);
const format = ({ p50, p95, p99 }: typeof received) =>
  `p50 ${ms(p50.median)}, p95 ${ms(p95.median)}, p99 ${ms(p99.median)} (${ms(p99.min)} to ${ms(p99.max)}) ms`;

const rows: Row[] = [
  {
    what: `send to receive across nodes, ${subscribers} subscribers, ${perSecond} messages a second`,
    measured: format(received),
    target: 'p50 ≤ 10, p95 ≤ 30, p99 ≤ 75 ms',
    met: received.p50.median <= 10 && received.p95.median <= 30 && received.p99.median <= 75,
  },
  { what: 'the same, to the acknowledgement', measured: format(acknowledged), target: 'to compare', met: null },
  { what: 'the same through a bare WebSocket relay', measured: format(relay), target: 'to compare', met: null },
];
if (browsers !== null) {
  const { parley, relay: bare } = browsers;
  const line = ({ p50, p95, max }: typeof parley) => `p50 ${p50}, p95 ${p95}, max ${max} ms`;
  rows.push(
    {
      what: 'Enter in one browser to visible in the other',
      measured: line(parley),
      target: 'p95 ≤ 100 ms',
      met: parley.p95 <= 100,
    },
    { what: 'the same through a bare WebSocket relay', measured: line(bare), target: 'to compare', met: null },
  );
}
report('latency', rows, { unit: 'ms', nodes, browsers });
