import { randomUUID } from 'node:crypto';
import { reservedChannel, subjects } from '@parley/contracts/bus';
import type { Bus, Clock } from '@parley/service-kit';
import type { AskApi } from '../api-client.ts';
import type { StartOperation } from '../operations/operation-sink.ts';
import type { UserQuotas } from '../quota/user-quotas.ts';
import type { CanaryKey } from './canary-key.ts';
import type { LoopbackClient } from './loopback-client.ts';
import type { Path } from './path-table.ts';
import { probeMessage } from './probe.ts';
import { type Hop, type HopReport, ProbeTrace } from './probe-trace.ts';
import { sentenceOf, watchBus, watchRendering, watchSocket } from './probe-watches.ts';

/** How a part that is asked did. */
export interface PartReport {
  readonly ok: boolean;
  /** Null: it was not reached. */
  readonly ms: number | null;
  readonly error?: string;
}

/** The answer of `GET /doctor`. */
export interface DoctorReport {
  readonly ok: boolean;
  /** The first part that fails, in the order of the path; `paths`: another node is not heard. */
  readonly firstFailure: Hop | 'api' | 'postgres' | 'paths' | null;
  readonly nodeId: string;
  readonly ms: number;
  readonly hops: readonly HopReport[];
  /** Asked over the bus. */
  readonly api: PartReport;
  /** As the API finds it. */
  readonly postgres: PartReport;
  /** The paths from each living node to the canary, this node first. Empty while the canary does not run. */
  readonly paths: readonly Path[];
}

export interface DoctorDeps {
  readonly ask: AskApi;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly key: CanaryKey;
  readonly nodeId: string;
  readonly quotas: UserQuotas;
  readonly startOperation: StartOperation;
  /** The canary's; undefined while this node does not know where it listens. */
  readonly client: () => LoopbackClient | undefined;
  readonly paths: () => readonly Path[];
}

/** Time for subscriptions and socket to become ready. The part that is not ready by then is the one that fails. */
const prepareMs = 1_000;
/** For the probe once it is sent. Together with the above it is within the 3 s that are promised. */
const travelMs = 1_500;
const apiMs = prepareMs + travelMs;
/** Between the starts of two examinations, however many ask. */
const spacingMs = 100;

/** Sends one probe along the whole path and says how far it came. */
export class Doctor {
  readonly #deps: DoctorDeps;
  #running: Promise<DoctorReport> | undefined;
  #free: Promise<unknown> = Promise.resolve();

  constructor(deps: DoctorDeps) {
    this.#deps = deps;
  }

  /** Callers share an examination that is due or under way: at most ten begin in a second. */
  examine(): Promise<DoctorReport> {
    this.#running ??= this.#free.then(async () => {
      this.#free = within(this.#deps.clock, spacingMs, never);
      try {
        return await this.#examine();
      } finally {
        this.#running = undefined;
      }
    });
    return this.#running;
  }

  async #examine(): Promise<DoctorReport> {
    const begun = performance.now();
    const { bus, nodeId } = this.#deps;
    const [hops, { api, postgres }] = await Promise.all([this.#followProbe(), this.#askApi()]);
    const paths = this.#deps.paths();
    const failures = [
      hops.find(({ ok }) => !ok)?.hop,
      api.ok ? undefined : 'api',
      postgres.ok ? undefined : 'postgres',
      bus.connected && paths.some(({ broken }) => broken) ? 'paths' : undefined,
    ] as const;
    const firstFailure = failures.find((failure) => failure !== undefined) ?? null;
    return { ok: firstFailure === null, firstFailure, nodeId, ms: since(begun), hops, api, postgres, paths };
  }

  async #followProbe(): Promise<readonly HopReport[]> {
    const { bus, client, clock, nodeId } = this.#deps;
    const probeId = `doctor ${randomUUID()}`;
    const subject = subjects.channel(reservedChannel.appId, reservedChannel.channelId);
    const trace = new ProbeTrace();
    const watches = [
      watchBus(bus, subject, probeId, trace),
      watchRendering(this.#deps, probeId, trace),
      watchSocket(client(), probeId, trace),
    ];
    try {
      await within(clock, prepareMs, Promise.all(watches.map(({ ready }) => ready)));
      trace.begin();
      const message = probeMessage({ nodeId, probeId }, new Date(clock.now()).toISOString());
      const published = bus.publish(subject, message).then(
        () => trace.saw('publish'),
        (error: unknown) => trace.fault('publish', sentenceOf(error)),
      );
      await within(clock, travelMs, Promise.all([published, trace.arrived]));
      for (const watch of watches) watch.explain?.();
      return trace.report();
    } finally {
      for (const watch of watches) watch.stop();
    }
  }

  async #askApi(): Promise<{ readonly api: PartReport; readonly postgres: PartReport }> {
    const begun = performance.now();
    try {
      const { postgres } = await this.#deps.ask('health.ping', {}, apiMs);
      return { api: { ok: true, ms: since(begun) }, postgres };
    } catch (error) {
      return {
        api: { ok: false, ms: since(begun), error: sentenceOf(error) },
        postgres: { ok: false, ms: null, error: 'unable to tell; the API did not answer' },
      };
    }
  }
}

const never = new Promise<never>(() => undefined);

const since = (begun: number): number => Math.round((performance.now() - begun) * 10) / 10;

/** Resolves with the act, or after `ms` without it. */
async function within(clock: Clock, ms: number, act: Promise<unknown>): Promise<void> {
  let timer: unknown;
  const passed = new Promise<void>((resolve) => {
    timer = clock.setTimeout(resolve, ms);
  });
  await Promise.race([act, passed]);
  clock.clearTimeout(timer);
}
