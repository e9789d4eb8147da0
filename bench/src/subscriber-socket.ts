import { subprotocol } from '@parley/contracts';
import WebSocket, { type RawData } from 'ws';
import { parseMessage, type ServerMessage } from './server-message.ts';

/** A graphql-transport-ws operation that watches a channel. */
export interface WireOperation {
  readonly id: string;
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
}

export interface SubscriberSocket {
  /** Resolves when the channel is watched: it was told that it is in step. @throws Error when it is not within 10 s */
  start(operation: WireOperation): Promise<void>;
  close(): void;
}

interface SubscriberOptions {
  readonly url: string;
  readonly token: string;
  /** Each text frame after the acknowledgement, pings aside, unparsed: a generator that parses all it gets measures itself. */
  readonly onFrame: (text: string) => void;
}

const withinMs = 10_000;
const pong = JSON.stringify({ type: 'pong' });

/** The least that speaks graphql-transport-ws. Resolves when the connection was acknowledged. @throws Error when it is not within 10 s */
export async function openSubscriber({ url, token, onFrame }: SubscriberOptions): Promise<SubscriberSocket> {
  const socket = new WebSocket(url, subprotocol, { perMessageDeflate: false });
  const say = (message: object) => socket.send(JSON.stringify(message));
  socket.on('open', () => say({ type: 'connection_init', payload: { token } }));
  await heard(socket, ({ type }) => type === 'connection_ack');
  socket.on('message', (data: Buffer) => {
    const text = data.toString();
    if (text.startsWith('{"type":"ping"')) socket.send(pong);
    else onFrame(text);
  });
  return {
    start({ id, query, variables }) {
      say({ id, type: 'subscribe', payload: { query, variables } });
      return heard(socket, ({ payload }) => payload?.data?.channelEvents?.__typename === 'ChannelSynced');
    },
    close: () => socket.terminate(),
  };
}

/** Until such a message comes; parses those before it. */
function heard(socket: WebSocket, isIt: (message: ServerMessage) => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (why: string) => reject(new Error(`unable to subscribe; ${why}`));
    const late = setTimeout(() => fail(`no answer within ${withinMs} ms`), withinMs);
    const hear = (data: RawData) => {
      if (!isIt(parseMessage(data))) return;
      socket.off('message', hear);
      clearTimeout(late);
      resolve();
    };
    socket.on('message', hear);
    socket.on('close', (code, reason) => fail(`closed with ${code} ${reason.toString()}`));
    socket.on('error', reject);
  });
}
