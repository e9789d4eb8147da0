import { connect } from 'node:net';

const answerTimeoutMs = 1_000;
const closeTimeoutMs = 1_000;

/**
 * Writes bytes to a server and gives what comes back, as Latin-1, until it hangs up. One that says nothing, or keeps the connection, is told the end
 * of the request after a second, and hung up on after another.
 */
export function sendRaw(port: number, bytes: string): Promise<string> {
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    const patience = setTimeout(() => {
      socket.end();
      setTimeout(() => socket.destroy(), closeTimeoutMs).unref();
    }, answerTimeoutMs);
    socket.setEncoding('latin1').on('data', (text: string) => {
      answer += text;
    });
    socket.on('end', () => socket.end());
    socket.on('error', () => socket.destroy());
    socket.once('close', () => {
      clearTimeout(patience);
      resolve(answer);
    });
    socket.write(bytes, 'latin1');
  });
}
