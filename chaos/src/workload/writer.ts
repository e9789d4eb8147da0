import { randomUUID } from 'node:crypto';
import type { Channel, Client } from '@parley/sdk-js';
import type { Change, History, Send } from '../history.ts';
import type { Random } from '../random.ts';
import { persist } from './attempts.ts';
import type { Role } from './cast.ts';
import { sendByHttp } from './write-by-http.ts';

/** Somebody who sends, edits, deletes and reacts at a steady pace. */
export interface Writer {
  /** Sends one message in each channel, to see that all still works. */
  greet(): void;
  /** Begins nothing more; resolves when it is known what became of everything, or nothing more can be learnt. */
  finish(): Promise<void>;
}

export interface WriterOptions {
  readonly role: Role;
  readonly appId: string;
  readonly client: Client;
  /** When given, sends go there as plain requests, without the SDK's help. */
  readonly http: { readonly url: string; readonly token: () => Promise<string> } | null;
  /** A channel that the writer is no member of. */
  readonly foreignChannelId: string | null;
  /** Operations in a second. */
  readonly pace: number;
  readonly history: History;
  readonly random: Random;
}

/** Longer than any fault lasts. */
const patienceMs = 120_000;
const pauseMs = 500;
/** One who waits for that many answers begins nothing new. */
const mostAtOnce = 40;
const reactionTypes = ['like', 'love', 'laugh'];

/** Starts writing at once. */
export function startWriter(options: WriterOptions): Writer {
  const { role, appId, client, http, foreignChannelId, pace, history, random } = options;
  const stop = new AbortController();
  const underWay = new Set<Promise<void>>();
  const busy = new Set<string>();
  const gone = new Set<string>();
  const mine: Send[] = [];
  let count = 0;
  let timer: NodeJS.Timeout;

  const run = (work: Promise<void>): void => {
    underWay.add(work);
    void work.finally(() => underWay.delete(work));
  };
  const begin = (channelId: string, messageId: string, text: string): Send => {
    const invokedAt = Date.now();
    const base = { appId, channelId, userId: role.userId, invokedAt, endedAt: 0, code: null, seq: null, attempts: 0 };
    const send: Send = { kind: 'send', ...base, outcome: 'unknown', messageId, text };
    history.sends.push(send);
    return send;
  };
  const nextText = (): string => {
    count += 1;
    return `${appId} ${role.userId} ${count}`;
  };

  const tryByHttp = async (to: NonNullable<typeof http>, input: { channelId: string; id: string; text: string }) => {
    const token = await to.token();
    const at = Date.now();
    const note = (status: number | null, code: string | null): void =>
      void history.answers.push({ at, ms: Date.now() - at, channelId: input.channelId, status, code });
    const answer = await sendByHttp(to.url, token, input).catch((error: unknown) => {
      note(null, 'timeout');
      throw error;
    });
    note(answer.status, 'fault' in answer ? answer.fault.code : null);
    if ('fault' in answer) throw answer.fault;
    return answer.seq;
  };
  const trySend = async (send: Send): Promise<number> => {
    send.attempts += 1;
    const input = { channelId: send.channelId, id: send.messageId, text: send.text };
    if (http !== null) return tryByHttp(http, input);
    const channel = client.channel(send.channelId);
    const failed = channel.messages.get().items.some(({ id, status }) => id === send.messageId && status === 'failed');
    const message = failed
      ? await channel.retry(send.messageId)
      : await channel.send({ id: input.id, text: input.text });
    return message.seq;
  };
  const send = async (channelId: string): Promise<void> => {
    const record = begin(channelId, randomUUID(), nextText());
    // An honest "nothing was written" is put to the test by believing it now and then.
    const abandon = http === null ? {} : { abandon: () => random.chance(0.5) };
    const ended = await persist(() => trySend(record), { patienceMs, pauseMs, signal: stop.signal, ...abandon });
    Object.assign(record, { outcome: ended.outcome, code: ended.code, seq: ended.value, endedAt: Date.now() });
    if (record.outcome === 'ok') mine.push(record);
  };

  /** The same id with other words: refused, and what was there stays. Only by plain request, as the SDK would show it as one message. */
  const resendOtherWords = async (of: Send): Promise<void> => {
    const text = nextText();
    if (http === null) return;
    await tryByHttp(http, { channelId: of.channelId, id: of.messageId, text }).then(
      () => history.complaints.push(`${of.channelId}: other words under the id of "${of.text}" were accepted`),
      () => undefined,
    );
  };
  const changeOf = (of: Send, kind: Change['kind'], value: string): Change => ({
    kind,
    appId,
    channelId: of.channelId,
    userId: role.userId,
    invokedAt: Date.now(),
    endedAt: 0,
    outcome: 'unknown',
    code: null,
    messageId: of.messageId,
    value,
  });
  /** One change of a message at a time, so that the last one is known. */
  const change = async (
    of: Send,
    kind: Change['kind'],
    value: string,
    work: (channel: Channel) => Promise<unknown>,
  ) => {
    const record = changeOf(of, kind, value);
    history.changes.push(record);
    busy.add(of.messageId);
    const ended = await persist(() => work(client.channel(of.channelId)), { patienceMs, pauseMs, signal: stop.signal });
    Object.assign(record, { outcome: ended.outcome, code: ended.code, endedAt: Date.now() });
    busy.delete(of.messageId);
  };
  const changeSomething = async (of: Send): Promise<void> => {
    const type = random.pick(reactionTypes);
    const dice = random.next();
    if (dice < 0.4) {
      const text = nextText();
      return change(of, 'edit', text, (channel) => channel.edit(of.messageId, text));
    }
    if (dice < 0.7) return change(of, 'react', type, (channel) => channel.react(of.messageId, type));
    if (dice < 0.85) return change(of, 'unreact', type, (channel) => channel.unreact(of.messageId, type));
    gone.add(of.messageId);
    return change(of, 'delete', '', (channel) => channel.delete(of.messageId));
  };

  const operation = (dice: number, channelId: string, free: readonly Send[]): Promise<void> => {
    if (dice < 0.8 || free.length === 0) return send(channelId);
    if (dice < 0.83 && foreignChannelId !== null) return send(foreignChannelId);
    if (dice < 0.85) return resendOtherWords(random.pick(free));
    return changeSomething(random.pick(free));
  };
  const step = (): void => {
    timer = setTimeout(step, (1_000 / pace) * (0.5 + random.next()));
    if (underWay.size >= mostAtOnce) return;
    const dice = random.next();
    const channelId = random.pick(role.channelIds);
    const free = mine.filter(({ messageId }) => !busy.has(messageId) && !gone.has(messageId));
    run(operation(dice, channelId, free));
  };
  timer = setTimeout(step, (1_000 / pace) * random.next());

  return {
    greet() {
      for (const channelId of role.channelIds) run(send(channelId));
    },
    async finish() {
      clearTimeout(timer);
      while (underWay.size > 0) await Promise.all(underWay);
      stop.abort();
    },
  };
}
