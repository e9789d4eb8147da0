import { subprotocol } from '@parley/contracts';
import { WebSocket } from 'ws';
import { subscriptions } from './seeds.ts';
import type { FuzzWorld, Room } from './world.ts';

/** Somebody who watches the room while it is attacked. */
export interface Watcher {
  /** Frames in which the platform blames itself. */
  readonly faults: readonly string[];
  /** Resolves when a message that is sent now arrives: by this socket, or by a new one where this one was rightly closed. */
  sees(): Promise<void>;
  close(): void;
}

const patienceMs = 20_000;

export async function watch(world: FuzzWorld, room: Room): Promise<Watcher> {
  const faults: string[] = [];
  const listeners = new Set<(frame: string) => void>();
  /** The room is watched no more, as when its viewer was removed from it. */
  let ended = false;
  let last = '';
  const url = `ws://127.0.0.1:${world.fanoutPort}/graphql`;

  const connect = async (): Promise<WebSocket> => {
    const socket = new WebSocket(url, subprotocol);
    socket.on('error', () => undefined);
    socket.on('message', (data: Buffer) => {
      const frame = data.toString();
      if (/"type":"(?:error|complete)"/.test(frame) && frame.includes('"id":"0"')) ended = true;
      last = frame;
      if (frame.includes('"code":"internal"')) faults.push(frame);
      for (const listener of listeners) listener(frame);
    });
    ended = false;
    await new Promise((resolve) => socket.once('open', resolve));
    socket.send(JSON.stringify({ type: 'connection_init', payload: { token: room.userToken } }));
    await heard((frame) => frame.includes('connection_ack'));
    for (const [id, payload] of subscriptions(room).entries())
      socket.send(JSON.stringify({ type: 'subscribe', id: `${id}`, payload }));
    await heard((frame) => frame.includes('ChannelSynced'));
    return socket;
  };
  const heard = (isIt: (frame: string) => boolean): Promise<void> =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`the watcher heard nothing; the last was ${last.slice(0, 1_000)}`)),
        patienceMs,
      );
      const listener = (frame: string) => {
        if (!isIt(frame)) return;
        clearTimeout(timer);
        listeners.delete(listener);
        resolve();
      };
      listeners.add(listener);
    });

  let socket = await connect();
  return {
    faults,
    async sees() {
      const text = `seen ${crypto.randomUUID()}`;
      const seen = heard((frame) => frame.includes(text));
      seen.catch(() => undefined);
      const query = 'mutation ($input: SendMessageInput!) { sendMessage(input: $input) { id } }';
      const response = await fetch(`http://127.0.0.1:${world.apiPort}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${room.userToken}` },
        body: JSON.stringify({ query, variables: { input: { channelId: room.channelId, text } } }),
      });
      // The channel may be gone by now, or its viewer no member any more; then there is nothing to be seen.
      if (!(await response.text()).includes('"data":{"sendMessage"')) return;
      // A new one receives all that there was.
      if (ended) socket.terminate();
      if (ended || socket.readyState !== WebSocket.OPEN) socket = await connect();
      await seen;
    },
    close: () => socket.terminate(),
  };
}

/** Says one frame on a socket of its own; resolves with the frame that comes back, or the code with which the socket is closed. */
export async function answerTo(world: FuzzWorld, room: Room, frame: string): Promise<string> {
  const socket = new WebSocket(`ws://127.0.0.1:${world.fanoutPort}/graphql`, subprotocol);
  try {
    return await new Promise<string>((resolve, reject) => {
      socket.once('error', reject);
      socket.once('close', (code) => resolve(String(code)));
      socket.once('open', () => {
        socket.send(JSON.stringify({ type: 'connection_init', payload: { token: room.userToken } }));
      });
      socket.once('message', () => {
        socket.once('message', (data: Buffer) => resolve(data.toString()));
        socket.send(frame);
      });
    });
  } finally {
    socket.terminate();
  }
}
