import { once } from 'node:events';
import WebSocket from 'ws';

/** A graphql-transport-ws operation. */
export interface WireOperation {
  readonly id: string;
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
}

export interface SubscriberSocket {
  start(operation: WireOperation): void;
  close(): void;
}

interface SubscriberOptions {
  readonly url: string;
  readonly token: string;
  /** Each text frame after the acknowledgement, pings aside, unparsed: a generator that parses all it gets measures itself. */
  readonly onFrame: (text: string) => void;
}

const pong = JSON.stringify({ type: 'pong' });

/** The least that speaks graphql-transport-ws. Resolves when the connection was acknowledged. @throws Error when it is closed before */
export async function openSubscriber({ url, token, onFrame }: SubscriberOptions): Promise<SubscriberSocket> {
  const socket = new WebSocket(url, 'graphql-transport-ws', { perMessageDeflate: false });
  const acknowledged = new Promise<void>((resolve, reject) => {
    socket.on('message', (data: Buffer) => {
      const text = data.toString();
      if (text.startsWith('{"type":"ping"')) socket.send(pong);
      else if (text.startsWith('{"type":"connection_ack"')) resolve();
      else onFrame(text);
    });
    socket.on('close', (code, reason) =>
      reject(new Error(`unable to subscribe; closed with ${code} ${reason.toString()}`)),
    );
    socket.on('error', reject);
  });
  await Promise.race([once(socket, 'open'), acknowledged]);
  socket.send(JSON.stringify({ type: 'connection_init', payload: { token } }));
  await acknowledged;
  return {
    start: ({ id, query, variables }) =>
      socket.send(JSON.stringify({ id, type: 'subscribe', payload: { query, variables } })),
    close: () => socket.terminate(),
  };
}
