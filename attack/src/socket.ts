import { once } from 'node:events';
import { subprotocol } from '@parley/contracts';
import { WebSocket } from 'ws';

/** One message of graphql-transport-ws as it came, and when, in ms of `performance.now()`. */
export interface Heard {
  readonly type: string;
  readonly id?: string;
  readonly payload?: unknown;
  readonly at: number;
}

/** A socket that says what it is told to, right or wrong. */
export interface AttackSocket {
  readonly heard: readonly Heard[];
  /** Sends this text as one frame. */
  send(text: string): void;
  say(message: object): void;
  /** Resolves with the first message that fits, also one of the past. @throws Error after `ms` */
  until(fits: (message: Heard) => boolean, ms?: number): Promise<Heard>;
  /** The close code, and when. */
  readonly closed: Promise<{ readonly code: number; readonly at: number }>;
  readonly isOpen: boolean;
  close(): void;
}

const openDeadlineMs = 10_000;

/** Opens a socket; with a token, it is authenticated when this resolves. */
export async function openSocket(url: string, token?: string): Promise<AttackSocket> {
  const socket = new WebSocket(url, subprotocol, { handshakeTimeout: openDeadlineMs });
  const heard: Heard[] = [];
  const waiting = new Set<() => void>();
  const closed = Promise.withResolvers<{ code: number; at: number }>();
  socket.on('error', () => undefined);
  socket.on('close', (code) => {
    closed.resolve({ code, at: performance.now() });
    for (const look of waiting) look();
  });
  socket.on('message', (data: Buffer) => {
    heard.push({ ...(JSON.parse(data.toString()) as Omit<Heard, 'at'>), at: performance.now() });
    for (const look of waiting) look();
  });
  await Promise.race([once(socket, 'open'), closed.promise]);
  const attack: AttackSocket = {
    heard,
    send: (text) => socket.send(text),
    say: (message) => socket.send(JSON.stringify(message)),
    closed: closed.promise,
    get isOpen() {
      return socket.readyState === WebSocket.OPEN;
    },
    close: () => socket.terminate(),
    until(fits, ms = openDeadlineMs) {
      return new Promise((resolve, reject) => {
        const end = (settle: () => void) => {
          clearTimeout(timer);
          waiting.delete(look);
          settle();
        };
        const look = () => {
          const found = heard.find(fits);
          if (found !== undefined) end(() => resolve(found));
        };
        const timer = setTimeout(() => end(() => reject(new Error(`nothing fitting came within ${ms} ms`))), ms);
        waiting.add(look);
        look();
      });
    },
  };
  if (token !== undefined) {
    attack.say({ type: 'connection_init', payload: { token } });
    await attack.until(({ type }) => type === 'connection_ack');
  }
  return attack;
}
