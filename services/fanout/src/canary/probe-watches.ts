import { ParleyError } from '@parley/contracts';
import type { Bus } from '@parley/service-kit';
import type { OperationSink, StartOperation } from '../operations/operation-sink.ts';
import type { UserQuotas } from '../quota/user-quotas.ts';
import type { Session } from '../sessions/session.ts';
import type { CanaryKey } from './canary-key.ts';
import type { LoopbackClient } from './loopback-client.ts';
import { readResult, watchProbes } from './probe.ts';
import type { ProbeTrace } from './probe-trace.ts';

/** Somebody who looks out for one probe at one station. */
export interface Watch {
  /** Resolves when it would see the probe; a fault is noted in the trace and does not reject. */
  readonly ready: Promise<void>;
  /** Says in the trace what stands in its way, as of now. */
  explain?(): void;
  /** Harmless when repeated. */
  stop(): void;
}

/** Watches the bus deliveries to this node. */
export function watchBus(bus: Bus, subject: string, probeId: string, trace: ProbeTrace): Watch {
  try {
    const subscription = bus.subscribe(subject, (text) => {
      if (text.includes(probeId)) trace.saw('bus');
    });
    const ready = subscription.ready.catch((error: unknown) => trace.fault('bus', sentenceOf(error)));
    return { ready, stop: () => subscription.unsubscribe() };
  } catch (error) {
    trace.fault('bus', sentenceOf(error));
    return { ready: Promise.resolve(), stop: () => undefined };
  }
}

/** Dependencies of {@link watchRendering}. */
export interface RenderingDeps {
  readonly key: CanaryKey;
  readonly quotas: UserQuotas;
  readonly startOperation: StartOperation;
}

/** A subscription as the socket has it, without the socket: what the shared execution gives it. */
export function watchRendering(
  { key, quotas, startOperation }: RenderingDeps,
  probeId: string,
  trace: ProbeTrace,
): Watch {
  const principal = key.principal();
  const session: Session = {
    id: 'doctor',
    principal,
    token: '',
    origin: null,
    quota: quotas.join(principal),
    beat: () => undefined,
    end: () => undefined,
    reauthorise: () => undefined,
  };
  let began: () => void = () => undefined;
  const ready = new Promise<void>((resolve) => {
    began = resolve;
  });
  const ended = (why: string) => {
    trace.fault('fanout', `unable to render the probe; ${why}`);
    began();
  };
  const sink: OperationSink = {
    congested: false,
    drained: () => Promise.resolve(),
    next(payload) {
      const result = readResult(JSON.parse(payload.json.toString()));
      if (result === 'live') began();
      else if (result?.probeId === probeId) trace.saw('fanout');
    },
    error: ([first]) => ended(first?.message ?? 'the subscription was refused'),
    complete: () => ended('the subscription ended'),
  };
  const operation = startOperation(session, watchProbes, sink, 0);
  let stopped = false;
  return {
    ready,
    stop() {
      if (stopped) return;
      stopped = true;
      operation.stop();
      quotas.leave(principal);
    },
  };
}

/** The canary's own socket, where its bytes come out, and what a client reads from them. */
export function watchSocket(client: LoopbackClient | undefined, probeId: string, trace: ProbeTrace): Watch {
  if (client === undefined) {
    trace.fault('socket', 'unable to see the probe on a socket; this node was not told where it listens');
    return { ready: Promise.resolve(), stop: () => undefined };
  }
  const listener = {
    bytes: (chunk: Buffer) => {
      if (chunk.includes(probeId)) trace.saw('socket');
    },
    probe: (probe: { readonly probeId: string }) => {
      if (probe.probeId === probeId) trace.saw('client');
    },
  };
  client.listeners.add(listener);
  return {
    ready: client.live(),
    explain() {
      if (client.fault !== null)
        trace.fault(
          'socket',
          `unable to see the probe on a socket; the client of this node does not hear: ${client.fault}`,
        );
    },
    stop: () => void client.listeners.delete(listener),
  };
}

/** For the page that anyone may read: a stranger's words can name hosts. */
export const sentenceOf = (error: unknown): string =>
  error instanceof ParleyError ? error.message : 'unable to go on; an unexpected fault, see the log';
