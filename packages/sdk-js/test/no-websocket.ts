import { type FakeClock, fakeClock } from '@parley/testkit';
import { onTestFinished } from 'vitest';
import type { Client } from '../src/client.ts';
import { composeClient } from '../src/create-client.ts';
import { bodyOf, FakeNetwork } from './fake-network.ts';
import { tokenOf } from './world.ts';

/** A stream of events that the client has opened. */
interface FakeEventStream {
  readonly url: string;
  readonly variables: Record<string, unknown>;
  readonly token: string;
  write(text: string): void;
  close(): void;
  aborted(): boolean;
}

interface SseServer {
  readonly streams: FakeEventStream[];
  /** What the next stream is refused with. */
  refuse: object | null;
  /** Tokens that are refused, as `Authorization` has them. */
  readonly expired: Set<string>;
}

interface SseWorld {
  readonly client: Client;
  readonly clock: FakeClock;
  readonly server: SseServer;
  settle(): Promise<void>;
}

/** Connects on a host without WebSocket. */
export async function connectionWithout(transport: 'auto' | 'websocket'): Promise<void> {
  const network = new FakeNetwork();
  network.handlers.set('anonymous', () => ({ __typename: 'Query' }));
  network.handlers.set('Me', () => ({ me: null }));
  const client = composeClient(
    { url: 'http://parley.test/graphql', transport, token: tokenOf({ sub: 'ada' }) },
    { clock: fakeClock(), random: () => 0.5, hints: { on: () => () => {} }, fetch: network.fetch, WebSocket: null },
  );
  await client.connect().finally(client.disconnect);
}

/** A client whose subscriptions are requests with streams of events. */
export function sseWorld(subscriptionsUrl?: string): SseWorld {
  const clock = fakeClock();
  const server: SseServer = { streams: [], refuse: null, expired: new Set() };
  const encoder = new TextEncoder();
  let tokens = 0;

  const open = (
    url: string,
    variables: Record<string, unknown>,
    token: string,
    signal: AbortSignal | undefined,
  ): Response => {
    if (server.refuse !== null) return Response.json({ errors: [server.refuse] }, { status: 403 });
    let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
    const body = new ReadableStream<Uint8Array>({
      start(given) {
        controller = given;
      },
    });
    signal?.addEventListener('abort', () => controller?.error(signal.reason));
    server.streams.push({
      url,
      variables,
      token,
      write: (text) => controller?.enqueue(encoder.encode(text)),
      close: () => controller?.close(),
      aborted: () => signal?.aborted === true,
    });
    return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
  };
  const fetch: typeof globalThis.fetch = async (url, init) => {
    const headers = new Headers(init?.headers);
    const { variables } = JSON.parse(bodyOf(init));
    const token = headers.get('authorization') ?? '';
    if (server.expired.has(token)) {
      const errors = [{ message: 'unable to authenticate; it expired', extensions: { code: 'unauthenticated' } }];
      return Response.json({ errors }, { status: 401 });
    }
    if (headers.get('accept') === 'text/event-stream')
      return open(new Request(url).url, variables, token, init?.signal ?? undefined);
    return Response.json({ data: { __typename: 'Query', me: null } });
  };
  const getToken = (): string => {
    tokens += 1;
    return tokenOf({ sub: 'ada', n: tokens });
  };
  const client = composeClient(
    { url: 'http://parley.test/graphql', subscriptionsUrl, transport: 'sse', getToken },
    { clock, random: () => 0.5, hints: { on: () => () => {} }, fetch, WebSocket: null },
  );
  onTestFinished(() => client.disconnect());
  return { client, clock, server, settle: () => clock.advanceAsync(0) };
}
