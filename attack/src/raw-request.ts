import { connect } from 'node:net';

/** What a TCP connection answered to some bytes. */
export interface RawAnswer {
  readonly text: string;
  /** Whether the other side ended the connection. */
  readonly ended: boolean;
  readonly ms: number;
}

interface RawOptions {
  /** Give up waiting for more after so long, in ms. */
  readonly ms: number;
  /** Enough once this is true of what came. */
  readonly enough?: (text: string) => boolean;
}

/** Writes bytes to a port and gives what comes back until the other side ends it, it is enough, or `ms` have passed. */
export function sendRaw(
  { host, port }: { readonly host: string; readonly port: number },
  bytes: string,
  { ms, enough = () => false }: RawOptions,
): Promise<RawAnswer> {
  const began = performance.now();
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    let text = '';
    const finish = (ended: boolean) => {
      clearTimeout(timer);
      socket.destroy();
      resolve({ text, ended, ms: performance.now() - began });
    };
    const timer = setTimeout(() => finish(false), ms);
    socket.setEncoding('latin1');
    socket.on('data', (some: string) => {
      text += some;
      if (enough(text)) finish(false);
    });
    socket.on('error', () => finish(true));
    socket.on('close', () => finish(true));
    socket.write(bytes, 'latin1');
  });
}
