import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import type { History, Observation, Send, Track } from '../history.ts';
import type { Tenant } from '../world/tenant.ts';
import type { Place } from '../world/world.ts';
import { shiftedDate } from './shifted-date.ts';

/** Somebody whose clock is wrong. */
export interface SkewedClient {
  /** Writes a message; what becomes of it is in the history. */
  send(): void;
  /** Resolves when it is known what became of all that was sent. @throws Error after so many ms */
  finish(withinMs: number): Promise<void>;
  close(): void;
}

export interface SkewedClientOptions {
  readonly tenant: Tenant;
  readonly place: Place;
  readonly userId: string;
  readonly channelId: string;
  readonly skewMs: number;
  readonly history: History;
}

type ChildMessage = {
  readonly wants?: string;
  readonly startSeq?: number;
  readonly observations?: readonly Observation[];
  readonly sent?: string;
  readonly seq?: number;
  readonly failed?: string;
  readonly code?: string;
};

const main = fileURLToPath(new URL('../skewed-client.main.ts', import.meta.url));
const readyWithinMs = 30_000;

/** Starts an SDK client in a process of its own, whose clock is off from the beginning; resolves when it is live. */
export async function openSkewedClient(options: SkewedClientOptions): Promise<SkewedClient> {
  const { tenant, place, userId, channelId, skewMs, history } = options;
  const { appId } = tenant;
  const child = spawn(
    process.execPath,
    ['--conditions=@parley/source', main, place.url, place.subscriptionsUrl, appId, userId, channelId],
    {
      env: { ...process.env, ...shiftedDate(skewMs), CLOCK_SKEWED_FROM_START: 'true' },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    },
  );
  const underWay = new Map<string, Send>();
  const live = Promise.withResolvers<void>();
  const observations: Track['observations'] = [];
  const settle = (id: string, result: Partial<Send>) => {
    const send = underWay.get(id);
    if (send !== undefined) Object.assign(send, { endedAt: Date.now() }, result);
    underWay.delete(id);
  };
  child.on('message', (message: ChildMessage) => {
    if (message.wants === 'token') void tenant.token(userId).then((token) => child.connected && child.send({ token }));
    if (message.startSeq !== undefined) {
      history.tracks.push({ appId, channelId, userId, via: 'sdk', startSeq: message.startSeq, observations });
      live.resolve();
    }
    observations.push(...(message.observations ?? []));
    if (message.sent !== undefined) settle(message.sent, { outcome: 'ok', seq: message.seq ?? null });
    if (message.failed !== undefined) settle(message.failed, { outcome: 'unknown', code: message.code ?? null });
  });
  const patience = setTimeout(
    () => live.reject(new Error('unable to connect the client whose clock is wrong')),
    readyWithinMs,
  );
  await live.promise.finally(() => clearTimeout(patience));

  return {
    send() {
      const messageId = randomUUID();
      const text = `from another time ${messageId}`;
      const own: Send = {
        kind: 'send',
        appId,
        channelId,
        userId,
        messageId,
        text,
        seq: null,
        attempts: 1,
        invokedAt: Date.now(),
        endedAt: 0,
        outcome: 'unknown',
        code: null,
      };
      history.sends.push(own);
      underWay.set(messageId, own);
      child.send({ send: { id: messageId, text } });
    },
    async finish(withinMs) {
      const deadline = Date.now() + withinMs;
      while (underWay.size > 0 && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 20));
      if (underWay.size > 0)
        throw new Error(`unable to go on; ${underWay.size} sends of the client whose clock is wrong have no answer`);
    },
    close: () => void child.kill('SIGKILL'),
  };
}
