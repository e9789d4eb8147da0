import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { ask } from '../ask.ts';
import type { Attack } from '../attack.ts';
import { finding } from '../attack.ts';
import type { FloodOrder } from '../flood.child.ts';
import { memoryIsReadable, residentMiB } from '../memory.ts';
import type { Person, Target } from '../target.ts';

const attackMs = 60_000;
const calmMs = 60_000;
const askEveryMs = 50;
const flood = { sockets: 50, subscriptionsPerSocket: 300, queriesAtOnce: 40 };
const program = fileURLToPath(new URL('../flood.child.ts', import.meta.url));

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** An attacker in a process of its own, which leaves the processor to the platform as one on another machine would. */
function startFlood({ graphqlUrl, socketUrl }: Target, { token }: Person): { stop(): Promise<void> } {
  const order: FloodOrder = { graphqlUrl, socketUrl, token, ...flood };
  const args = ['-n', '19', process.execPath, '--conditions=@parley/source', program, JSON.stringify(order)];
  const child = spawn('nice', args, { stdio: ['pipe', 'ignore', 'inherit'] });
  const ended = once(child, 'exit');
  return {
    async stop() {
      child.stdin.end();
      await ended;
    },
  };
}

const percentile = (values: readonly number[], share: number): number =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? Number.NaN;

/** Where the other user asks, and how long each answer took. */
type Asked = readonly [place: Pick<Target, 'graphqlUrl'>, times: number[]];

export const hostileUser: Attack = {
  name: 'hostile-user',
  what: `one user, ${flood.sockets} sockets of distinct subscriptions and ${flood.queriesAtOnce} dear queries at a time, for ${attackMs / 1_000} s`,
  bound: "another's `{ me }` p99 ≤ 100 ms; a minute after, memory within 20 % of before",
  needs: memoryIsReadable,
  long: true,
  async run(target) {
    const [hostile, other] = await target.people('hostile', 'other');
    if (hostile === undefined || other === undefined) throw new Error('no people');
    await target.channel(hostile, other);
    // The first requests make caches and grow pools, which is not what is measured.
    for (let index = 0; index < 200; index += 1) await ask(target, other.token, '{me{id}}');
    const before = residentMiB(target);
    const attacker = startFlood(target, hostile);
    // The edge of one machine passes on every byte of the attack; in production something else stands there.
    const front: Asked = [target, []];
    const [nodeUrl] = target.nodes.api;
    const node: Asked = nodeUrl === undefined ? front : [{ graphqlUrl: `${nodeUrl}/graphql` }, []];
    const asked = nodeUrl === undefined ? [front] : [front, node];
    let failed = 0;
    let peak = before;
    const end = performance.now() + attackMs;
    while (performance.now() < end) {
      for (const [place, times] of asked) {
        const answer = await ask(place, other.token, '{me{id}}').catch(() => null);
        if (answer === null || answer.code !== null) failed += 1;
        else times.push(answer.ms);
      }
      peak = Math.max(peak, residentMiB(target));
      await pause(askEveryMs);
    }
    await attacker.stop();
    await pause(calmMs);
    const after = residentMiB(target);
    const format = ([, times]: Asked) =>
      `p50 ${Math.round(percentile(times, 0.5))}, p99 ${Math.round(percentile(times, 0.99))} ms`;
    return finding(
      `at a node ${format(node)}, through the edge, which all of it passes, ${format(front)}; ${failed} failed; ` +
        `${Math.round(before)} MiB before, ${Math.round(peak)} at most, ${Math.round(after)} a minute after`,
      ['prompt', percentile(node[1], 0.99) <= 100],
      ['none failed', failed === 0],
      ['memory', after <= before * 1.2],
    );
  },
};
