import type { IncomingMessage, ServerResponse } from 'node:http';
import { ParleyError } from '@parley/contracts';
import { type Clock, systemClock } from './clock.ts';
import type { Metrics } from './metrics.ts';
import { createOperatorAccess, type OperatorAccess } from './operator-access.ts';

/** Options of {@link createHealth}. */
export interface HealthOptions {
  /** Served on /metrics. */
  readonly metrics?: Pick<Metrics, 'text'>;
  /** After so many ms a check has failed. Default: 1,000. */
  readonly checkTimeoutMs?: number;
  readonly clock?: Clock;
  /** Whom the metrics are shown to. Default: whoever asks on the machine itself. */
  readonly operators?: OperatorAccess | undefined;
}

/** Whether a service can work; `checks` says `ok` or why not, by name. */
export interface Readiness {
  readonly ok: boolean;
  readonly checks: Readonly<Record<string, string>>;
  /** Warnings: the service can work, and somebody should look at them, by name; absent when there are none. */
  readonly warnings?: Readonly<Record<string, string>>;
}

/** Report of a service to those who run it. */
export interface Health {
  /** A check fails by throwing or rejecting, or by taking too long. Returns a function that unsubscribes. */
  register(name: string, check: () => Promise<void> | void): () => void;
  /** A warning is shown on /readyz and takes no traffic away; null: there is none. Returns a function that unregisters it. */
  warn(name: string, warning: () => string | null): () => void;
  ready(): Promise<Readiness>;
  /** From now on the service is not ready: balancers send no new work. */
  drain(): void;
  /** Answers GET and HEAD of /healthz (the process lives), /readyz (200 or 503) and /metrics; returns whether it did. The metrics are for operators. */
  handler(request: IncomingMessage, response: ServerResponse): boolean;
}

export function createHealth(options: HealthOptions = {}): Health {
  const { metrics, checkTimeoutMs = 1_000, clock = systemClock, operators = createOperatorAccess() } = options;
  const checks = new Set<{ readonly name: string; readonly check: () => Promise<void> | void }>();
  const warnings = new Set<{ readonly name: string; readonly warning: () => string | null }>();
  let draining = false;

  const run = async (check: () => Promise<void> | void): Promise<string> => {
    let timer: unknown;
    const deadline = new Promise<string>((resolve) => {
      timer = clock.setTimeout(() => resolve(`no answer within ${checkTimeoutMs} ms`), checkTimeoutMs);
    });
    const checked = (async () => check())().then(() => 'ok', reason);
    return Promise.race([checked, deadline]).finally(() => clock.clearTimeout(timer));
  };

  const ready = async (): Promise<Readiness> => {
    const results = await Promise.all([...checks].map(async ({ name, check }) => [name, await run(check)] as const));
    if (draining) results.push(['shutdown', 'the service is shutting down']);
    const readiness = { ok: results.every(([, result]) => result === 'ok'), checks: Object.fromEntries(results) };
    const shown = [...warnings].flatMap(({ name, warning }) => {
      const text = warning();
      return text === null ? [] : [[name, text] as const];
    });
    return shown.length === 0 ? readiness : { ...readiness, warnings: Object.fromEntries(shown) };
  };

  const routes = new Map<string, () => Promise<Answer>>([
    ['/healthz', async () => json(200, { ok: true })],
    ['/readyz', () => ready().then((readiness) => json(readiness.ok ? 200 : 503, readiness))],
  ]);
  const showMetrics = async () => ({
    status: 200,
    type: 'text/plain; version=0.0.4',
    body: (await metrics?.text()) ?? '',
  });
  if (metrics !== undefined) routes.set('/metrics', showMetrics);

  return {
    register(name, check) {
      const entry = { name, check };
      checks.add(entry);
      return () => void checks.delete(entry);
    },
    warn(name, warning) {
      const entry = { name, warning };
      warnings.add(entry);
      return () => void warnings.delete(entry);
    },
    ready,
    drain() {
      draining = true;
    },
    handler(request, response) {
      if (request.method !== 'GET' && request.method !== 'HEAD') return false;
      const route = routes.get((request.url ?? '').split('?', 1)[0] ?? '');
      if (route === undefined) return false;
      if (route === showMetrics && operators.refuse(request, response)) return true;
      const send = ({ status, type, body }: Answer) => {
        response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' });
        response.end(request.method === 'HEAD' ? undefined : body);
      };
      route()
        .then(send, () => send(json(500, { ok: false })))
        .catch(() => response.destroy());
      return true;
    },
  };
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

const json = (status: number, value: unknown): Answer => ({
  status,
  type: 'application/json; charset=utf-8',
  body: JSON.stringify(value),
});

// Anyone may read this page, and a driver's own words can name hosts and users.
const reason = (error: unknown): string => (error instanceof ParleyError ? error.message : 'failed');
