import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { subprotocol } from '@parley/contracts';
import WebSocket from 'ws';
import { createHistogram, type LatencySummary } from './histogram.ts';
import { openLoop } from './open-loop.ts';
import type { SeededPeople } from './resume-seed.ts';
import { parseMessage } from './server-message.ts';

/** People who send over their sockets, in turn. */
export interface SenderSockets {
  /** Sends at a fixed pace until `stop` says so; latencies from when a message was due to its acknowledgement. */
  start(perSecond: number): { stop(): Promise<LatencySummary & { readonly failed: number }>; mark(): void };
  /** Each sends one message. Resolves when all are acknowledged. */
  sendAll(): Promise<void>;
  close(): void;
}

const document = 'mutation Send($input:SendMessageInput!){sendMessage(input:$input){id seq}}';
const text = 'The quick brown fox jumps over the lazy dog. '.repeat(7).slice(0, 300);
const tickSeconds = 0.1;

export async function openSenders(url: string, people: SeededPeople): Promise<SenderSockets> {
  const waiting = new Map<string, (failed: boolean) => void>();
  const sockets = await Promise.all(
    people.tokens.map(async (token) => {
      const socket = new WebSocket(url, subprotocol, { perMessageDeflate: false });
      await once(socket, 'open');
      socket.on('message', (data) => {
        const message = parseMessage(data);
        if (message.type === 'ping') socket.send('{"type":"pong"}');
        if (message.id === undefined || (message.type !== 'next' && message.type !== 'error')) return;
        waiting.get(message.id)?.(message.type === 'error' || message.payload?.errors !== undefined);
        waiting.delete(message.id);
      });
      socket.send(JSON.stringify({ type: 'connection_init', payload: { token } }));
      await once(socket, 'message');
      return socket;
    }),
  );
  const send = (index: number): Promise<boolean> => {
    const place = index % sockets.length;
    const id = randomUUID();
    const input = { channelId: people.channelIds[place], id: randomUUID(), text };
    sockets[place]?.send(JSON.stringify({ type: 'subscribe', id, payload: { query: document, variables: { input } } }));
    return new Promise((resolve) => waiting.set(id, resolve));
  };
  return {
    start(perSecond) {
      let histogram = createHistogram();
      let failed = 0;
      let next = 0;
      let stopped = false;
      const sent: Promise<void>[] = [];
      const one = async (dueAt: number) => {
        const into = histogram;
        next += 1;
        if (await send(next)) failed += 1;
        into.record(performance.now() - dueAt);
      };
      const running = (async () => {
        while (!stopped) await openLoop({ perSecond, seconds: tickSeconds, run: (_, dueAt) => sent.push(one(dueAt)) });
      })();
      return {
        mark() {
          histogram = createHistogram();
        },
        async stop() {
          stopped = true;
          await running;
          await Promise.all(sent);
          return { ...histogram.summary(), failed };
        },
      };
    },
    async sendAll() {
      await Promise.all(sockets.map((_, index) => send(index)));
    },
    close() {
      for (const socket of sockets) socket.terminate();
    },
  };
}
