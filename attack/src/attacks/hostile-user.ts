import { randomUUID } from 'node:crypto';
import { ask } from '../ask.ts';
import type { Attack } from '../attack.ts';
import { finding } from '../attack.ts';
import { memoryIsReadable, residentMiB } from '../memory.ts';
import { type AttackSocket, openSocket } from '../socket.ts';
import type { Person, Target } from '../target.ts';

const attackMs = 60_000;
const calmMs = 60_000;
const sockets = 50;
const subscriptionsPerSocket = 300;
const askEveryMs = 50;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Opens sockets and fills each with subscriptions that are like no other; goes on until told to stop. */
async function floodSockets(target: Target, { token }: Person, stopped: AbortSignal): Promise<void> {
  const open: AttackSocket[] = [];
  const one = async () => {
    while (!stopped.aborted) {
      const socket = await openSocket(target.socketUrl, token).catch(() => null);
      if (socket === null) {
        await pause(200);
        continue;
      }
      open.push(socket);
      for (let index = 0; index < subscriptionsPerSocket && socket.isOpen && !stopped.aborted; index += 1) {
        const userIds = Array.from({ length: 200 }, () => `invented-${randomUUID()}`);
        const name = `s${randomUUID().replaceAll('-', '')}`;
        const query = `subscription ${name}($userIds:[ID!]!){presence(userIds:$userIds){__typename userId online}}`;
        socket.say({
          id: String(index),
          type: 'subscribe',
          payload: { query, variables: { userIds, unused: 'x'.repeat(60_000) } },
        });
        await pause(20);
      }
      await Promise.race([socket.closed, pause(1_000)]);
    }
  };
  await Promise.all(Array.from({ length: sockets }, one));
  for (const socket of open) socket.close();
}

/** Asks for what is dear, again and again, over HTTP. */
async function floodQueries(target: Target, { token }: Person, stopped: AbortSignal): Promise<number> {
  const dear = [
    '{users(first:100,filter:{name:{contains:"zzz"}}){nodes{id name custom}}}',
    '{channels(first:100,filter:{hasUnread:true}){nodes{id members(first:100){nodes{user{id custom}}} messages(last:100){nodes{text}}}}}',
    '{unread{total}}',
  ];
  let refused = 0;
  const one = async () => {
    while (!stopped.aborted) {
      for (const query of dear) {
        const { code } = await ask(target, token, query).catch(() => ({ code: 'no answer' }));
        if (code === 'rate_limited') {
          refused += 1;
          await pause(10);
        }
      }
    }
  };
  await Promise.all(Array.from({ length: 40 }, one));
  return refused;
}

const percentile = (values: readonly number[], share: number): number =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? Number.NaN;

export const hostileUser: Attack = {
  name: 'hostile-user',
  what: `one user, ${sockets} sockets of distinct subscriptions and 40 dear queries at a time, for ${attackMs / 1_000} s`,
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
    const stop = new AbortController();
    const floods = Promise.all([
      floodSockets(target, hostile, stop.signal),
      floodQueries(target, hostile, stop.signal),
    ]);
    const times: number[] = [];
    let failed = 0;
    let peak = before;
    const end = performance.now() + attackMs;
    while (performance.now() < end) {
      const answer = await ask(target, other.token, '{me{id}}').catch(() => null);
      if (answer === null || answer.code !== null) failed += 1;
      else times.push(answer.ms);
      peak = Math.max(peak, residentMiB(target));
      await pause(askEveryMs);
    }
    stop.abort();
    await floods;
    await pause(calmMs);
    const after = residentMiB(target);
    const p99 = percentile(times, 0.99);
    return finding(
      `p50 ${Math.round(percentile(times, 0.5))} ms, p99 ${Math.round(p99)} ms, ${failed} of ${times.length + failed} failed; ` +
        `${Math.round(before)} MiB before, ${Math.round(peak)} at most, ${Math.round(after)} a minute after`,
      ['prompt', p99 <= 100],
      ['none failed', failed === 0],
      ['memory', after <= before * 1.2],
    );
  },
};
