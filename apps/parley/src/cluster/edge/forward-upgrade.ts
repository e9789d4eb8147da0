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

/** For a connection and the head of an answer. */
const answerDeadlineMs = 3_000;
const keepAliveMs = 60_000;
const answerHeadBytes = 16 * 1024;
/** Sockets at once. */
const mostSockets = 20_000;

/** `most`: sockets at once, past which further ones are refused. */
export function createUpgradeForwarder({
  most = mostSockets,
}: {
  readonly most?: number | undefined;
} = {}): UpgradeForwarder {
  const open = new Set<Duplex>();
  let clients = 0;
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
      socket.on('error', () => socket.destroy());
      if (socket.destroyed) return;
      if (clients >= most) return unavailable(socket);
      clients += 1;
      socket.once('close', () => {
        clients -= 1;
      });
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
  let gone = false;
  const onGone = () => {
    gone = true;
  };
  socket.once('close', onGone);
  const hello = Buffer.from(upgradeHead(request), 'latin1');
  for (const backend of backends.candidates()) {
    const arrived = backends.sending(backend);
    const answered = await attempt(backend, hello).finally(arrived);
    if (gone) return void answered?.node.destroy();
    if (answered === undefined) {
      backends.refused(backend);
      continue;
    }
    const { node, first, status } = answered;
    // A node that is shutting down says so.
    if (status === 503) {
      node.destroy();
      continue;
    }
    socket.off('close', onGone);
    if (status !== 101) return answerAndEnd(socket, node, first);
    // What the client has sent already belongs to the WebSocket, now that there is one.
    if (head.length > 0) node.write(head);
    socket.write(first);
    return join(socket, node);
  }
  unavailable(socket);
}

/** No WebSocket came of it, so what the client says next goes nowhere: a node would read it as a request. */
function answerAndEnd(client: Duplex, node: Socket, first: Buffer): void {
  const deadline = setTimeout(() => node.destroy(), answerDeadlineMs);
  node.once('close', () => {
    clearTimeout(deadline);
    client.end();
  });
  client.once('close', () => node.destroy());
  client.resume();
  client.write(first);
  node.end();
  node.pipe(client);
}

function unavailable(socket: Duplex): void {
  socket.end('HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n');
}

interface Answered {
  readonly node: Socket;
  /** All that has come, at least the whole head. */
  readonly first: Buffer;
  readonly status: number;
}

/** What the node says to an upgrade; undefined when it says nothing. */
function attempt(backend: Backend, hello: Buffer): Promise<Answered | undefined> {
  return new Promise((resolve) => {
    const node = connect({
      host: '127.0.0.1',
      port: backend.port,
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: keepAliveMs,
    });
    let first = Buffer.alloc(0);
    const give = (answer: Answered | undefined) => {
      clearTimeout(deadline);
      node.off('data', read);
      for (const name of ['error', 'close', 'end'] as const) node.off(name, fail);
      node.on('error', () => node.destroy());
      if (answer === undefined) node.destroy();
      resolve(answer);
    };
    const fail = () => give(undefined);
    const read = (bytes: Buffer) => {
      first = Buffer.concat([first, bytes]);
      const text = first.toString('latin1', 0, answerHeadBytes);
      if (!text.includes('\r\n\r\n')) return void (first.length > answerHeadBytes && fail());
      node.pause();
      give({ node, first, status: Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0) });
    };
    const deadline = setTimeout(fail, answerDeadlineMs);
    for (const name of ['error', 'close', 'end'] as const) node.once(name, fail);
    node.once('connect', () => node.write(hello));
    node.on('data', read);
  });
}
