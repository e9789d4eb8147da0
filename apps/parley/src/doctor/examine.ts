import { lookup } from 'node:dns/promises';
import type { DoctorReport } from '@parley/fanout';
import type { DoctorOptions } from '../commands/doctor-options.ts';
import { openSocket } from './socket-look.ts';
import { type Step, StepError, takeStep } from './step.ts';

/** What `parley doctor` found. */
export interface Examination {
  readonly ok: boolean;
  readonly url: string;
  /** The first step that fails. */
  readonly firstFailure: string | null;
  /** What to do about it. */
  readonly cure: string | null;
  readonly steps: readonly Step[];
  /** What the fan-out node says of itself; null when it said nothing. */
  readonly report: DoctorReport | null;
}

const deadlineMs = 5_000;

/** Looks at a platform from outside. Every look has a deadline; a failed one does not keep the others from being taken. */
export async function examine({ url, token, operatorToken }: DoctorOptions): Promise<Examination> {
  const steps: Step[] = [];
  let report: DoctorReport | null = null;
  const name = url.hostname.replace(/^\[|\]$/g, '');
  const resolved = await takeStep(
    'resolve',
    deadlineMs,
    'check the spelling of the address, and your DNS',
    async () => {
      const found = await lookup(name, { all: true });
      return found.map(({ address }) => address).join(', ');
    },
  );
  steps.push(resolved);
  if (resolved.ok) {
    steps.push(
      await takeStep('healthz', deadlineMs, 'is it running, and does the port lead to it?', (signal) =>
        readPage(new URL('/healthz', url), signal),
      ),
      await takeStep('readyz', deadlineMs, 'see the log of the services', (signal) =>
        readPage(new URL('/readyz', url), signal),
      ),
      await takeStep('doctor', deadlineMs, 'let your proxy send /doctor to a fan-out node', async (signal) => {
        report = await readReport(new URL('/doctor', url), signal, operatorToken);
        if (report.ok) return `node ${report.nodeId}: publish → bus → fanout → socket → client, API, database`;
        throw new StepError(faultOf(report), cures[report.firstFailure ?? 'publish']);
      }),
      await takeStep(
        'websocket',
        deadlineMs,
        'let your proxy pass WebSocket upgrades of /graphql to a fan-out node',
        (signal) => openSocket(new URL('/graphql', url), token, signal),
      ),
    );
  }
  const failed = steps.find(({ ok }) => !ok);
  return {
    ok: failed === undefined,
    url: url.origin,
    firstFailure: failed?.step ?? null,
    cure: failed?.cure ?? null,
    steps,
    report,
  };
}

const cures: { readonly [Part in NonNullable<DoctorReport['firstFailure']>]: string } = {
  publish: 'is NATS running, and is NATS_URL right on the fan-out nodes?',
  bus: 'restart this fan-out node; if that does not help, look at NATS: it takes messages and does not deliver them',
  fanout: 'see the log of this fan-out node, and restart it',
  socket: 'see the log of this fan-out node: its own client cannot reach it',
  client: 'see the log of this fan-out node, and restart it',
  api: 'is an API node running, with the same NATS_URL?',
  postgres: 'is PostgreSQL running, and is DATABASE_URL right on the API nodes?',
  paths: 'this node does not hear another one: look at the links between the NATS servers, then restart the node',
};

async function readPage(url: URL, signal: AbortSignal): Promise<string> {
  const response = await fetch(url, { signal });
  if (response.ok) return `${response.status}`;
  if (response.status === 404)
    throw new StepError(`404 for ${url.pathname}`, 'is this the address of a Parley platform?');
  throw new Error(`${response.status}: ${failedChecks(await response.text())}`);
}

function failedChecks(body: string): string {
  try {
    // Only shown; whatever has the form is good enough.
    const { checks = {} } = JSON.parse(body) as { checks?: Record<string, unknown> };
    const failed = Object.entries(checks).filter(([, result]) => result !== 'ok');
    return failed.map(([check, result]) => `${check}: ${String(result)}`).join(', ') || 'it does not say why';
  } catch {
    return body.slice(0, 200).trim();
  }
}

async function readReport(url: URL, signal: AbortSignal, operatorToken?: string): Promise<DoctorReport> {
  const authorization = operatorToken === undefined ? {} : { authorization: `Bearer ${operatorToken}` };
  const response = await fetch(url, { signal, headers: { accept: 'application/json', ...authorization } });
  if (response.status === 401 || response.status === 403) {
    await response.body?.cancel();
    throw new StepError(
      `${response.status} for ${url.pathname}, which is for operators`,
      'give --operator-token the OPERATOR_TOKEN of the fan-out nodes; one without it answers on its own machine alone',
    );
  }
  const body: unknown = await response.json().catch(() => null);
  if (isReport(body)) return body;
  throw new Error(`${response.status} for ${url.pathname}, and no report`);
}

const isReport = (body: unknown): body is DoctorReport =>
  body instanceof Object && 'hops' in body && Array.isArray(body.hops) && 'firstFailure' in body && 'nodeId' in body;

function faultOf({ firstFailure, hops, api, postgres, paths }: DoctorReport): string {
  const silent = paths.find(({ broken }) => broken);
  const errors: Readonly<Record<string, string | undefined>> = {
    ...Object.fromEntries(hops.map(({ hop, error }) => [hop, error])),
    api: api.error,
    postgres: postgres.error,
    paths: silent === undefined ? undefined : `node ${silent.nodeId} was not heard for ${silent.silentSeconds} s`,
  };
  return `${firstFailure}: ${errors[firstFailure ?? ''] ?? 'it does not say why'}`;
}
