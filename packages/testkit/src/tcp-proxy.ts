import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { type PipeFaults, pipeWithFaults } from './tcp-pipe.ts';

/** Options of {@link startTcpProxy}. */
export interface StartTcpProxyOptions {
  readonly target: { readonly host: string; readonly port: number };
  /** TCP port on 127.0.0.1; a free one when absent. */
  readonly port?: number;
}

/** A TCP proxy that a test can make behave like a bad network. */
export interface TcpProxy {
  readonly host: string;
  readonly port: number;
  /** Open connections, the count of them. */
  readonly connections: number;
  /** The same address as a URL of the given scheme, such as `ws`. */
  url(scheme: string, path?: string): string;
  /** Resets every open connection; new ones are let through. */
  cut(): void;
  /** Nothing more goes through, old connections or new, and neither side notices: in both directions, or only to the target, or only back. */
  halfOpen(way?: Way): void;
  /** Holds every byte for `ms` and up to `jitterMs` more, in order. */
  delay(ms: number, jitterMs?: number): void;
  /** Lets at most `bytesPerTick` bytes out in each 10 ms, in each direction. */
  dribble(bytesPerTick: number): void;
  /** Resets every open connection and refuses new ones. */
  refuse(): Promise<void>;
  /** Ends all of the above; what was held goes on its way. */
  heal(): Promise<void>;
  /** Resets every connection and stops listening. Harmless when repeated. */
  close(): Promise<void>;
}

/** `there`: to the target. */
export type Way = 'both' | 'there' | 'back';

interface NetworkFaults extends Omit<PipeFaults, 'blackhole'> {
  readonly blackhole: Way | null;
}

const noFaults: NetworkFaults = {
  blackhole: null,
  delayMs: 0,
  jitterMs: 0,
  bytesPerTick: Number.POSITIVE_INFINITY,
};
const host = '127.0.0.1';

interface Link {
  readonly poke: () => void;
  readonly reset: () => void;
}

/** Starts a TCP proxy on 127.0.0.1 in front of `target`. */
export async function startTcpProxy(options: StartTcpProxyOptions): Promise<TcpProxy> {
  let faults = noFaults;
  const links = new Set<Link>();
  const server = createServer({ allowHalfOpen: true }, (client) => {
    const link = joinTo(
      options.target,
      client,
      () => faults,
      () => links.delete(link),
    );
    links.add(link);
  });
  const port = await listen(server, options.port ?? 0);

  const cut = () => {
    for (const link of links) link.reset();
  };
  const shut = async () => {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    cut();
    await closed;
  };
  return {
    host,
    port,
    get connections() {
      return links.size;
    },
    url: (scheme, path = '') => `${scheme}://${host}:${port}${path}`,
    cut,
    halfOpen(way = 'both') {
      faults = { ...faults, blackhole: way };
    },
    delay(delayMs, jitterMs = 0) {
      faults = { ...faults, delayMs, jitterMs };
    },
    dribble(bytesPerTick) {
      faults = { ...faults, bytesPerTick: Math.max(1, bytesPerTick) };
    },
    refuse: shut,
    async heal() {
      faults = noFaults;
      for (const link of links) link.poke();
      if (!server.listening) await listen(server, port);
    },
    close: shut,
  };
}

async function listen(server: Server, port: number): Promise<number> {
  server.listen(port, host);
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('unable to start the proxy; it has no port');
  return address.port;
}

function joinTo(
  target: StartTcpProxyOptions['target'],
  client: Socket,
  faults: () => NetworkFaults,
  onClosed: () => void,
): Link {
  const upstream = connect({ ...target, allowHalfOpen: true, noDelay: true });
  client.setNoDelay(true);
  const blocks = (way: Way) => faults().blackhole === 'both' || faults().blackhole === way;
  const there = pipeWithFaults(client, upstream, () => ({ ...faults(), blackhole: blocks('there') }));
  const back = pipeWithFaults(upstream, client, () => ({ ...faults(), blackhole: blocks('back') }));
  const reset = () => {
    client.resetAndDestroy();
    upstream.resetAndDestroy();
  };
  const closed = { client: false, upstream: false };
  const sideClosed = (side: 'client' | 'upstream', failed: boolean) => {
    closed[side] = true;
    // A broken side is felt by the other at once, except in a blackhole, where the news does not get through either.
    if (failed && faults().blackhole === null) reset();
    if (closed.client && closed.upstream) onClosed();
  };
  client.on('error', () => undefined).on('close', (failed) => sideClosed('client', failed));
  upstream.on('error', () => undefined).on('close', (failed) => sideClosed('upstream', failed));
  return {
    poke() {
      if (closed.client !== closed.upstream && (client.errored ?? upstream.errored)) reset();
      there.poke();
      back.poke();
    },
    reset,
  };
}
