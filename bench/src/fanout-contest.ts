import { setTimeout as sleep } from 'node:timers/promises';
import type { BroadcastOrder } from './broadcaster.ts';
import { type Child, startChild } from './child.ts';
import type { ClientsOrder, Speech } from './clients.child.ts';
import { cpuUsOfTree } from './cpu-time.ts';
import type { Daemon } from './daemon.ts';
import type { LatencySummary } from './histogram.ts';

export const serverCore = 0;
export const clientsCore = 1;

const settleMs = 30_000;
const lookMs = 200;
/** Of a core, below which a server counts as idle. */
const idleShare = 0.02;

/** A server with its subscribers, ready to broadcast. */
export interface Stage {
  readonly name: string;
  readonly pid: number;
  publish(order: Extract<BroadcastOrder, { readonly kind: 'steady' | 'burst' }>): Promise<unknown>;
  stats(): Promise<unknown>;
}

export interface StageOptions {
  readonly name: string;
  readonly speech: Speech;
  readonly ids?: 'counted' | 'random';
}

/** What one run of broadcasts cost, and how long its messages were on their way. */
export interface BroadcastFigures {
  readonly cpuUsPerDelivery: number;
  readonly bytesPerMessage: number;
  readonly deliveriesPerSecond: number;
  readonly latency: LatencySummary;
}

/** The clients of all contenders, in one process on a core of their own. */
export class Audience {
  readonly #clients: Child;
  readonly #count: number;

  constructor(clients: Child, count: number) {
    this.#clients = clients;
    this.#count = count;
  }

  get pid(): number {
    return this.#clients.pid;
  }

  async seat(server: Child, { name, speech, ids = 'counted' }: StageOptions): Promise<Stage> {
    const address = await server.ask<string>({ kind: 'address' } satisfies BroadcastOrder);
    await this.#order({ kind: 'open', group: name, speech, address, count: this.#count, ids });
    return {
      name,
      pid: server.pid,
      publish: (order) => server.ask(order),
      stats: () => server.ask({ kind: 'stats' } satisfies BroadcastOrder),
    };
  }

  /** A broker publishes nothing by itself: one of its clients does. */
  async seatAtBroker({ pid, address }: Daemon, { name, speech }: StageOptions): Promise<Stage> {
    await this.#order({ kind: 'open', group: name, speech, address, count: this.#count });
    await settled(pid);
    return {
      name,
      pid,
      publish: (order) =>
        this.#order(
          order.kind === 'steady'
            ? { ...order, kind: 'publish', group: name }
            : { kind: 'publish-burst', group: name, size: order.size },
        ),
      stats: async () => null,
    };
  }

  /** @throws Error when a message did not arrive */
  async steady(stage: Stage, perSecond: number, seconds: number): Promise<BroadcastFigures> {
    const before = await this.#tally(stage);
    return await this.#measure(stage, before.messages + Math.round(perSecond * seconds) * this.#count, async () => {
      await stage.publish({ kind: 'steady', perSecond, seconds });
    });
  }

  /** One burst after the other, each when all clients have the one before. @throws Error when a message did not arrive */
  async bursts(stage: Stage, size: number, times: number): Promise<BroadcastFigures> {
    const before = await this.#tally(stage);
    return await this.#measure(stage, before.messages + size * times * this.#count, async () => {
      for (let turn = 1; turn <= times; turn += 1) {
        await stage.publish({ kind: 'burst', size });
        await this.#arrived(stage, before.messages + size * turn * this.#count);
      }
    });
  }

  async #measure(stage: Stage, expected: number, work: () => Promise<void>): Promise<BroadcastFigures> {
    // What the one before left to clean up is not this one's cost.
    await sleep(50);
    await this.#latency(stage);
    const before = await this.#tally(stage);
    const cpuBefore = cpuUsOfTree(stage.pid);
    const begun = performance.now();
    await work();
    await this.#arrived(stage, expected);
    const seconds = (performance.now() - begun) / 1_000;
    const cpuUs = cpuUsOfTree(stage.pid) - cpuBefore;
    const after = await this.#tally(stage);
    const deliveries = after.messages - before.messages;
    return {
      cpuUsPerDelivery: cpuUs / deliveries,
      bytesPerMessage: (after.bytes - before.bytes) / deliveries,
      deliveriesPerSecond: deliveries / seconds,
      latency: await this.#latency(stage),
    };
  }

  async #arrived({ name }: Stage, messages: number): Promise<void> {
    const arrived = await this.#order<number>({ kind: 'await', group: name, messages });
    if (arrived !== messages)
      throw new Error(`unable to measure; of ${messages} messages of ${name} there came ${arrived}`);
  }

  #tally({ name }: Stage): Promise<{ readonly messages: number; readonly bytes: number }> {
    return this.#order({ kind: 'tally', group: name });
  }

  #latency({ name }: Stage): Promise<LatencySummary> {
    return this.#order({ kind: 'latency', group: name });
  }

  #order<Answer>(order: ClientsOrder): Promise<Answer> {
    return this.#clients.ask<Answer>(order);
  }
}

/** Waits until a server has done what 1,000 who enter one by one cause. @throws Error when that takes more than 30 s */
async function settled(pid: number): Promise<void> {
  for (let left = settleMs / lookMs, before = cpuUsOfTree(pid); left > 0; left -= 1) {
    await sleep(lookMs);
    const now = cpuUsOfTree(pid);
    if (now - before < lookMs * 1_000 * idleShare) return;
    before = now;
  }
  throw new Error('unable to measure; a server is still busy with those who came');
}

export const startClients = (): Promise<Child> =>
  startChild(new URL('./clients.child.ts', import.meta.url), { core: clientsCore });

export const startServer = (name: string, env: Readonly<Record<string, string>> = {}): Promise<Child> =>
  startChild(new URL(`./fanout-${name}.child.ts`, import.meta.url), { core: serverCore, env });
