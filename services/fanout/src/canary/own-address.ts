import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** The result of `server.address()`. */
export interface Listening {
  readonly address: string;
  readonly port: number;
}

const loopbackOf: ReadonlyMap<string, string> = new Map([
  ['0.0.0.0', '127.0.0.1'],
  ['::', '::1'],
]);

/** The WebSocket URL by which a process reaches its own server. */
export function ownUrl({ address, port }: Listening, path: string): string {
  const host = loopbackOf.get(address) ?? address;
  return `ws://${host.includes(':') ? `[${host}]` : host}:${port}${path}`;
}

/** Whether the other end is this very machine, so far as the addresses say: both ends have the same. */
export const isFromHere = (socket: Duplex): boolean =>
  socket instanceof Socket && socket.remoteAddress !== undefined && socket.remoteAddress === socket.localAddress;
