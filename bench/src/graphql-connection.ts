import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** One keep-alive HTTP/1.1 connection that has at most one request in flight: next to no work of the generator's own. */
export interface GraphqlConnection {
  /** Posts and resolves with the body of the answer. @throws Error when the connection ends, or the status is not 200 */
  post(token: string, body: string): Promise<string>;
  close(): void;
}

export async function openGraphqlConnection(port: number): Promise<GraphqlConnection> {
  const socket: Socket = connect({ port, host: '127.0.0.1', noDelay: true });
  await once(socket, 'connect');
  let received = '';
  let answer: { resolve(body: string): void; reject(error: Error): void } | null = null;
  const settle = (outcome: string | Error) => {
    const waiting = answer;
    answer = null;
    received = '';
    if (outcome instanceof Error) waiting?.reject(outcome);
    else waiting?.resolve(outcome);
  };
  socket.setEncoding('latin1');
  socket.on('data', (text: string) => {
    received += text;
    const body = bodyOf(received);
    if (body === null) return;
    settle(received.startsWith('HTTP/1.1 200 ') ? body : new Error(`unable to measure; ${received.slice(0, 600)}`));
  });
  const ended = () => settle(new Error('unable to measure; the API closed the connection'));
  socket.on('close', ended);
  socket.on('error', ended);
  return {
    post: (token, body) =>
      new Promise((resolve, reject) => {
        answer = { resolve, reject };
        socket.write(
          `POST /graphql HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer ${token}\r\ncontent-type: application/json\r\n` +
            `accept: application/graphql-response+json, application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
        );
      }),
    close: () => socket.destroy(),
  };
}

/** The body once all of it is there, else null. */
function bodyOf(text: string): string | null {
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return null;
  const head = text.slice(0, end).toLowerCase();
  const body = text.slice(end + 4);
  const length = /\r\ncontent-length: (\d+)/.exec(head)?.[1];
  if (length !== undefined) return body.length >= Number(length) ? body : null;
  return body.endsWith('0\r\n\r\n') ? body : null;
}
