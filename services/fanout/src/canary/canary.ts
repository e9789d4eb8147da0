import { ParleyError } from '@parley/contracts';
import { type HeartbeatBusMessage, reservedChannel, subjects } from '@parley/contracts/bus';
import { heartbeatBusMessage } from '@parley/schemas';
import type { Bus, BusSubscription, Clock, Health, Logger, Metrics, TimerHandle } from '@parley/service-kit';
import { readBusMessage } from '../interest/bus-message.ts';
import { exposePaths } from './canary-metrics.ts';
import type { LoopbackClient } from './loopback-client.ts';
import { type Path, PathTable } from './path-table.ts';
import { type Probe, probeMessage } from './probe.ts';

export interface CanaryDeps {
  readonly bus: Bus;
  readonly client: LoopbackClient;
  readonly clock: Clock;
  readonly health: Pick<Health, 'register'>;
  readonly logger: Pick<Logger, 'error' | 'info'>;
  readonly metrics?: Metrics | undefined;
  readonly nodeId: string;
  /** A broken path works again: messages published in between may be missing. */
  readonly onRecovered: () => void;
}

const beatMs = 1_000;

/**
 * Every second a probe goes from each node to each node, on the way that every event of a channel goes: bus, topic, shared execution, socket, client.
 * A node that does not hear another one that lives, or not itself, says so and is not ready: its clients would miss live events as silently.
 */
export class Canary {
  readonly #deps: CanaryDeps;
  readonly #startedAt: string;
  readonly #table: PathTable;
  readonly #heartbeats: BusSubscription;
  readonly #unsubscribes: readonly (() => void)[];
  #broken = new Map<string, Path>();
  #timer: TimerHandle | undefined;
  #closed = false;

  constructor(deps: CanaryDeps) {
    this.#deps = deps;
    const { bus, client, clock, health, metrics, nodeId } = deps;
    this.#startedAt = new Date(clock.now()).toISOString();
    this.#table = new PathTable(nodeId);
    this.#heartbeats = bus.subscribe(subjects.heartbeats(), (text) => {
      this.#table.heartbeat(readBusMessage<HeartbeatBusMessage>(heartbeatBusMessage, text));
    });
    const listener = { probe: (probe: Probe) => this.#hear(probe) };
    client.listeners.add(listener);
    this.#unsubscribes = [
      bus.onStatus(() => this.#table.forgive()),
      health.register('canary', () => this.#check()),
      () => client.listeners.delete(listener),
    ];
    if (metrics !== undefined) exposePaths(metrics, () => this.paths());
    this.#beat();
  }

  /** From each living node to this node's client; its own first. */
  paths(): readonly Path[] {
    return this.#table.paths();
  }

  /** Says goodbye, so that nobody waits for this node. Harmless when repeated. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#deps.clock.clearTimeout(this.#timer);
    for (const unsubscribe of this.#unsubscribes) unsubscribe();
    this.#heartbeats.unsubscribe();
    this.#publish(subjects.heartbeats(), this.#heartbeat(true));
    this.#deps.client.close();
  }

  /** @throws unavailable, with every broken path */
  #check(): void {
    const { bus, client, nodeId } = this.#deps;
    const broken = this.paths().filter((path) => path.broken);
    // Another check reports the absence of the bus.
    if (broken.length === 0 || !bus.connected) return;
    const faults = broken.map((path) => {
      const who = path.nodeId === nodeId ? 'itself' : `node ${path.nodeId}`;
      return `unable to hear ${who} through the fan-out path for ${path.silentSeconds} s`;
    });
    const why =
      client.fault === null
        ? 'live events may be late here until the log is compared'
        : `the client of this node: ${client.fault}`;
    throw new ParleyError('unavailable', `${faults.join(', ')}; ${why}`);
  }

  #beat(): void {
    const { bus, client, clock, nodeId } = this.#deps;
    this.#timer = clock.setTimeout(() => this.#beat(), beatMs);
    const beat = this.#table.beat();
    client.ensure();
    if (bus.connected) this.#report();
    else this.#table.forgive();
    this.#publish(subjects.heartbeats(), this.#heartbeat(false));
    const at = new Date(clock.now()).toISOString();
    const { appId, channelId } = reservedChannel;
    this.#publish(
      subjects.channel(appId, channelId),
      probeMessage({ nodeId, probeId: `${this.#startedAt} ${beat}` }, at),
    );
  }

  #hear({ nodeId, probeId }: Probe): void {
    const [startedAt, beat] = probeId.split(' ');
    if (nodeId !== this.#deps.nodeId) this.#table.heard(nodeId);
    else if (startedAt === this.#startedAt) this.#table.heardSelf(Number(beat));
  }

  #heartbeat(leaving: boolean): string {
    const { nodeId } = this.#deps;
    const message = { nodeId, startedAt: this.#startedAt, hearsItself: this.#table.hearsItself, leaving };
    return JSON.stringify(message satisfies HeartbeatBusMessage);
  }

  /** A failure needs no report: the missing probe is one. */
  #publish(subject: string, text: string): void {
    this.#deps.bus.publish(subject, text).catch(() => undefined);
  }

  /** Once when it breaks, once when it is whole again. */
  #report(): void {
    const broken = new Map(this.paths().flatMap((path) => (path.broken ? [[path.nodeId, path] as const] : [])));
    for (const [peer, { silentSeconds }] of broken)
      if (!this.#broken.has(peer))
        this.#deps.logger.error(
          { peer, silentSeconds, client: this.#deps.client.fault },
          'unable to hear a node through the fan-out path',
        );
    const recovered = [...this.#broken.keys()].filter((peer) => !broken.has(peer));
    this.#broken = broken;
    for (const peer of recovered) this.#deps.logger.info({ peer }, 'a node is heard again, or gone');
    if (recovered.length > 0) this.#deps.onRecovered();
  }
}
