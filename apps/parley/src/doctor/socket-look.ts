import { get as httpGet } from 'node:http';
import { get as httpsGet } from 'node:https';
import { closeCodes, subprotocol } from '@parley/contracts';
import { StepError } from './step.ts';

const subscription = 'subscription Doctor { inbox { __typename } }';

/**
 * Opens a real WebSocket. Without a token it has to be refused as a stranger, which only a working server does; with one it subscribes to the
 * user's inbox and waits for the first event.
 */
export async function openSocket(url: URL, token: string | undefined, signal: AbortSignal): Promise<string> {
  const address = url.href.replace(/^http/, 'ws');
  try {
    return await converse(new WebSocket(address, subprotocol), token, signal);
  } catch (error) {
    // The socket does not say why there was no upgrade; the server does.
    if (error instanceof NoUpgrade) throw new Error(await whyNoUpgrade(url, signal));
    throw error;
  }
}

class NoUpgrade extends Error {}

function converse(socket: WebSocket, token: string | undefined, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    let opened = false;
    const say = (message: object) => socket.send(JSON.stringify(message));
    signal.addEventListener('abort', () => socket.close());
    socket.addEventListener('open', () => {
      opened = true;
      if (socket.protocol !== subprotocol)
        reject(new Error(`the server speaks ${socket.protocol || 'no subprotocol'}`));
      say({ type: 'connection_init', payload: token === undefined ? {} : { token } });
    });
    socket.addEventListener('message', ({ data }) => {
      const { type, payload } = readMessage(data);
      if (type === 'connection_ack' && token === undefined)
        reject(new StepError('it let a stranger in', 'this is no Parley fan-out node: check what answers there'));
      else if (type === 'connection_ack') say({ id: '1', type: 'subscribe', payload: { query: subscription } });
      else if (type === 'next') resolve('opened a session, subscribed, and got an event');
      else if (type === 'error')
        reject(
          new StepError(
            `the subscription was refused: ${JSON.stringify(payload)}`,
            'use a token of a user, not of the server',
          ),
        );
    });
    socket.addEventListener('close', ({ code, reason }) => {
      if (!opened) reject(new NoUpgrade());
      else if (code !== closeCodes.forbidden) reject(new Error(`it was closed with ${code} ${reason}`.trimEnd()));
      else if (token === undefined) resolve(`${subprotocol}, and no entry without a token`);
      else reject(new StepError(`the token was refused: ${reason}`, 'get a new token from your back end'));
    });
  });
}

function readMessage(data: unknown): { readonly type?: unknown; readonly payload?: unknown } {
  try {
    const message: unknown = JSON.parse(String(data));
    return message instanceof Object ? message : {};
  } catch {
    return {};
  }
}

function whyNoUpgrade(url: URL, signal: AbortSignal): Promise<string> {
  const headers = {
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': 'cGFybGV5LWRvY3Rvci0tLQ==',
    'sec-websocket-protocol': subprotocol,
  };
  return new Promise((resolve) => {
    const request = (url.protocol === 'https:' ? httpsGet : httpGet)(url, { headers, signal });
    request.on('response', ({ statusCode }) => resolve(`${statusCode} instead of an upgrade`));
    request.on('upgrade', (_response, socket) => {
      socket.destroy();
      resolve('the connection was closed during the upgrade');
    });
    request.on('error', (error) => resolve(error.message));
  });
}
