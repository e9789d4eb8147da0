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
  const url = `ws://127.0.0.1:${world.fanoutPort}/graphql`;

  const connect = async (): Promise<WebSocket> => {
    const socket = new WebSocket(url, subprotocol);
    socket.on('error', () => undefined);
    socket.on('message', (data: Buffer) => {
      const frame = data.toString();
      if (frame.includes('"code":"internal"')) faults.push(frame);
      for (const listener of listeners) listener(frame);
    });
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
      const timer = setTimeout(() => reject(new Error('the watcher heard nothing')), patienceMs);
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
      if (socket.readyState !== WebSocket.OPEN) socket = await connect();
      const text = `seen ${crypto.randomUUID()}`;
      const seen = heard((frame) => frame.includes(text));
      const query = 'mutation ($input: SendMessageInput!) { sendMessage(input: $input) { id } }';
      const response = await fetch(`http://127.0.0.1:${world.apiPort}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${room.userToken}` },
        body: JSON.stringify({ query, variables: { input: { channelId: room.channelId, text } } }),
      });
      const answer = await response.text();
      // The channel may be gone by now, or its viewer no member any more; then there is nothing to be seen.
      if (!answer.includes('"data":{"sendMessage"')) {
        seen.catch(() => undefined);
        return;
      }
      await seen;
    },
    close: () => socket.terminate(),
  };
}
