import { ParleyError } from '@parley/contracts';
import type { Clock } from '../lib/clock.ts';
import { isRecord, parseJson } from '../lib/json.ts';
import { createTimer } from '../lib/timer.ts';
import { asParleyError, dataOf, errorOf } from '../operations/graphql-error.ts';
import type { Http } from '../operations/http.ts';
import { createEventParser } from './event-stream.ts';
import type { GraphqlResult, Link, LinkEnd, LinkEvents, Operation, OperationSink } from './link.ts';

export interface SseLinkOptions {
  /** Where queries and mutations go. */
  readonly http: Pick<Http, 'post'>;
  /** Where subscriptions go. */
  readonly streams: Pick<Http, 'stream'>;
  readonly clock: Clock;
}

const probe: Operation = { query: '{ __typename }', variables: {} };
/** A server that sends keep-alives at all is taken for dead when they stay away this long. */
const silenceMs = 60_000;

/** One request with a stream of events for each subscription (graphql-sse, "distinct connections"). Queries and mutations go by plain requests. */
export function openSseLink({ http, streams, clock }: SseLinkOptions, token: string, events: LinkEvents): Link {
  const running = new Set<{ readonly sink: OperationSink; readonly abort: () => void }>();
  const whole = new AbortController();
  let opened = false;

  const close = (): void => {
    whole.abort();
    const lost = [...running];
    running.clear();
    for (const { sink, abort } of lost) {
      abort();
      sink.lost();
    }
  };
  const end = (reason: LinkEnd): void => {
    if (whole.signal.aborted) return;
    close();
    events.ended(reason);
  };
  const broken = (error: unknown): void => end(endOfError(asParleyError(error, 'open the stream'), opened));

  const ping = (): void =>
    void http
      .post(probe, token, whole.signal)
      .then(dataOf)
      .then(() => {
        if (whole.signal.aborted) return;
        events.heard();
        if (!opened) events.ready(null);
        opened = true;
      })
      .catch(broken);

  ping();

  return {
    runsOperations: false,
    ping,
    renew: () => false,
    close,
    run(operation, sink) {
      const abort = new AbortController();
      const entry = { sink, abort: () => abort.abort() };
      running.add(entry);
      streams
        .stream(operation, token, abort.signal)
        .then((stream) =>
          readEvents(clock, stream, abort.signal, (name, data) => {
            if (!running.has(entry)) return;
            if (name === 'complete') {
              running.delete(entry);
              abort.abort();
              sink.complete();
            }
            if (name !== 'next' || !isRecord(data)) return;
            const result: GraphqlResult = data;
            const error = result.errors === undefined ? null : errorOf(result.errors);
            // A token that has run out ends every stream; with the next one they go on.
            if (error?.code === 'unauthenticated') broken(error);
            else sink.next(result);
          }),
        )
        .then(() => {
          if (running.has(entry)) broken(new ParleyError('disconnected', 'unable to read the stream; it ended early'));
        })
        .catch((cause: unknown) => {
          if (abort.signal.aborted) return;
          const error = asParleyError(cause, 'read the stream');
          // The stream's own refusal is its own; a broken network or a token that has run out concerns them all.
          if (error.code === 'disconnected' || error.code === 'timeout' || error.code === 'unauthenticated')
            broken(error);
          else if (running.delete(entry)) sink.error(error);
        });
      return () => {
        running.delete(entry);
        abort.abort();
      };
    },
  };
}

function endOfError(error: ParleyError, opened: boolean): LinkEnd {
  if (error.code === 'unauthenticated') return { kind: 'unauthenticated', why: error.message };
  if (!error.retryable && !opened) return { kind: 'refused', reason: error };
  return { kind: 'lost', opened, leastDelayMs: error.details.retryAfterMs ?? 0 };
}

async function readEvents(
  clock: Clock,
  stream: ReadableStream<Uint8Array>,
  signal: AbortSignal,
  heard: (name: string, data: unknown) => void,
): Promise<void> {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  const parse = createEventParser();
  const silence = createTimer(clock);
  let keepsAlive = false;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done || signal.aborted) return;
      const piece = decoder.decode(value, { stream: true });
      keepsAlive ||= piece.startsWith(':');
      // A cancelled reader reads "done", which counts as an early end.
      if (keepsAlive) silence.set(() => void reader.cancel().catch(() => {}), silenceMs);
      for (const event of parse(piece)) heard(event.name, parseJson(event.data));
    }
  } finally {
    silence.clear();
    reader.cancel().catch(() => {});
  }
}
