import type { IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Backend, Backends } from './backends.ts';
import { upgradeHead } from './headers.ts';

/** Passes WebSockets on to nodes; what goes through is not looked at. */
export interface UpgradeForwarder {
  forward(backends: Backends, request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Cuts what is still open. */
  close(): void;
}

/** For a connection and the first byte of an answer. */
const answerDeadlineMs = 3_000;
const keepAliveMs = 60_000;

export function createUpgradeForwarder(): UpgradeForwarder {
  const open = new Set<Duplex>();
  const cut = (socket: Duplex) => {
    open.delete(socket);
    socket.destroy();
  };
  const join = (client: Duplex, node: Socket) => {
    for (const [one, other] of [
      [client, node],
      [node, client],
    ] as const) {
      open.add(one);
      one.on('error', () => cut(other));
      one.on('close', () => {
        open.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  };
  return {
    forward(backends, request, socket, head) {
      void forward({ backends, request, socket, head, join });
    },
    close() {
      for (const socket of open) cut(socket);
    },
  };
}

interface Exchange {
  readonly backends: Backends;
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
  readonly join: (client: Duplex, node: Socket) => void;
}

/** An upgrade does nothing by itself, so a node that does not answer it is passed over. */
async function forward({ backends, request, socket, head, join }: Exchange): Promise<void> {
  let gone = socket.destroyed;
  const onGone = () => {
    gone = true;
  };
  socket.on('error', () => socket.destroy());
  socket.once('close', onGone);
  const { method = 'GET', url = '/', rawHeaders } = request;
  const text = upgradeHead(method, url, rawHeaders, request.socket.remoteAddress);
  const hello = Buffer.concat([Buffer.from(text, 'latin1'), head]);
  for (const backend of backends.candidates()) {
    const arrived = backends.sending(backend);
    const answered = await attempt(backend, hello).finally(arrived);
    if (gone) return void answered?.node.destroy();
    if (answered === undefined) {
      backends.refused(backend);
      continue;
    }
    // A node that is shutting down says so.
    if (answered.first.toString('latin1', 0, 12) === 'HTTP/1.1 503') {
      answered.node.destroy();
      continue;
    }
    socket.off('close', onGone);
    socket.write(answered.first);
    return join(socket, answered.node);
  }
  socket.end('HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n');
}

/** The first bytes of the answer; undefined when there is none. */
function attempt(backend: Backend, hello: Buffer): Promise<{ node: Socket; first: Buffer } | undefined> {
  return new Promise((resolve) => {
    const node = connect({
      host: '127.0.0.1',
      port: backend.port,
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: keepAliveMs,
    });
    const give = (answer: { node: Socket; first: Buffer } | undefined) => {
      clearTimeout(deadline);
      for (const name of ['error', 'close', 'end'] as const) node.off(name, fail);
      node.on('error', () => node.destroy());
      if (answer === undefined) node.destroy();
      resolve(answer);
    };
    const fail = () => give(undefined);
    const deadline = setTimeout(fail, answerDeadlineMs);
    for (const name of ['error', 'close', 'end'] as const) node.once(name, fail);
    node.once('connect', () => node.write(hello));
    node.once('data', (first: Buffer) => {
      node.pause();
      give({ node, first });
    });
  });
}
