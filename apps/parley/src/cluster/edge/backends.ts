import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '@parley/service-kit';
import { unreadiness } from '../readiness.ts';

/** One node, as the edge sees it. */
export interface Backend {
  readonly name: string;
  /** Without `/graphql`. */
  readonly url: string;
  readonly port: number;
  /** Why nothing should be sent there; undefined while it is ready. */
  readonly fault: string | undefined;
}

/** The nodes of one kind, and whom to ask next. */
export interface Backends {
  readonly all: readonly Backend[];
  /** Whom to try, in order, each once: those that are ready, the next one first; when none is, those that may have become so. */
  candidates(): readonly Backend[];
  /** Something is on its way to the node that it has not begun to answer. Returns a function that unsubscribes. */
  sending(backend: Backend): () => void;
  /** The node refused a connection. */
  refused(backend: Backend): void;
  /** The node is ready again, which is known before the next look. */
  ready(name: string): void;
  /** Nothing more is sent to the node; resolves when nothing is on its way any more. */
  leave(name: string): Promise<void>;
  close(): void;
}

interface Entry extends Backend {
  fault: string | undefined;
  leaving: boolean;
  underWay: number;
  missed: number;
}

const probeEveryMs = 500;
const probeTimeoutMs = 1_500;
/** A busy machine makes a ready node answer late once. */
const missesAllowed = 1;
const leaveDeadlineMs = 5_000;

export interface BackendsOptions {
  readonly nodes: readonly { readonly name: string; readonly url: string }[];
  readonly logger: Pick<Logger, 'info' | 'warn'>;
  /** Why a node is not ready; undefined when it is. */
  readonly probe?: (url: string, timeoutMs: number) => Promise<string | undefined>;
}

/** Looks at every node twice a second. */
export function createBackends({ nodes, logger, probe = unreadiness }: BackendsOptions): Backends {
  const all: Entry[] = nodes.map(({ name, url }) => ({
    name,
    url,
    port: Number(new URL(url).port),
    fault: 'it is starting',
    leaving: false,
    underWay: 0,
    missed: 0,
  }));
  const entryOf = (name: string) => all.find((entry) => entry.name === name);
  const timers: NodeJS.Timeout[] = [];
  let turn = 0;

  const judge = (entry: Entry, fault: string | undefined) => {
    if (fault !== undefined && entry.fault === undefined)
      logger.warn({ node: entry.name }, `${entry.name} is not ready; ${fault}`);
    if (fault === undefined && entry.fault !== undefined) logger.info({ node: entry.name }, `${entry.name} is ready`);
    entry.fault = fault;
    entry.missed = 0;
  };
  const look = async (entry: Entry) => {
    const fault = await probe(entry.url, probeTimeoutMs);
    if (entry.leaving) return;
    const late = fault?.startsWith('no answer') === true && entry.fault === undefined;
    if (late && entry.missed < missesAllowed) entry.missed += 1;
    else judge(entry, fault);
  };
  for (const entry of all) {
    let looking = false;
    const timer = setInterval(() => {
      if (looking) return;
      looking = true;
      void look(entry).finally(() => {
        looking = false;
      });
    }, probeEveryMs);
    timers.push(timer.unref());
  }

  return {
    all,
    candidates() {
      const present = all.filter(({ leaving }) => !leaving);
      const ready = present.filter(({ fault }) => fault === undefined);
      const order = ready.length > 0 ? ready : present;
      turn = (turn + 1) % Number.MAX_SAFE_INTEGER;
      const first = turn % Math.max(1, order.length);
      return [...order.slice(first), ...order.slice(0, first)];
    },
    sending(backend) {
      const entry = entryOf(backend.name);
      if (entry === undefined) return () => undefined;
      entry.underWay += 1;
      let done = false;
      return () => {
        if (!done) entry.underWay -= 1;
        done = true;
      };
    },
    refused(backend) {
      const entry = entryOf(backend.name);
      if (entry !== undefined && !entry.leaving) judge(entry, 'it refuses connections');
    },
    ready(name) {
      const entry = entryOf(name);
      if (entry === undefined) return;
      entry.leaving = false;
      judge(entry, undefined);
    },
    async leave(name) {
      const entry = entryOf(name);
      if (entry === undefined) return;
      entry.leaving = true;
      entry.fault = 'it is stopped';
      const deadline = performance.now() + leaveDeadlineMs;
      while (entry.underWay > 0 && performance.now() < deadline) await delay(5);
    },
    close() {
      for (const timer of timers) clearInterval(timer);
    },
  };
}
