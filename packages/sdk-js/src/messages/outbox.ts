import type { Message, User } from '@parley/contracts';
import { ParleyError, parseMessageId } from '@parley/contracts';
import * as limits from '@parley/contracts/client-limits';
import { backoffMs } from '../lib/backoff.ts';
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import { createTimer } from '../lib/timer.ts';
import { uuid } from '../lib/uuid.ts';
import { asParleyError } from '../operations/graphql-error.ts';
import type { MessageView, SendInput } from './message-view.ts';
import { provisional } from './provisional.ts';

/** Sends the messages of one channel: one at a time, in order, each until its outcome is known. */
export interface Outbox {
  /** @throws invalid_input, and why it could not be sent */
  send(input: SendInput): Promise<Message>;
  /** @throws not_found; else as send */
  retry(id: string): Promise<Message>;
  discard(id: string): void;
  /** The message has been seen in the log, so it was sent, whatever became of the answer. */
  seen(message: Message): void;
  /** Tries the waiting messages at once. */
  retryNow(): void;
  /** Fails the waiting messages; nothing is left running. */
  stop(): void;
}

export interface OutboxOptions {
  readonly channelId: string;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
  readonly author: () => User | null;
  readonly quoted: (id: string) => Message | undefined;
  /** One try. Sending the same again is safe: the id makes it one message. */
  readonly post: (input: SendInput & { readonly id: string }) => Promise<Message>;
  /** The list of unsent messages has changed. */
  readonly show: (views: readonly MessageView[]) => void;
  /** The message is on the server. Called before it leaves the list of unsent messages. */
  readonly sent: (message: Message) => void;
}

interface Entry {
  readonly input: SendInput & { readonly id: string };
  readonly view: MessageView;
  readonly giveUpAt: number;
  readonly settle: { resolve(message: Message): void; reject(error: ParleyError): void };
}

const giveUpMs = 60_000;
const mostWaiting = 200;

export function createOutbox({ clock, random, log, show, post, sent, ...context }: OutboxOptions): Outbox {
  let entries: readonly Entry[] = [];
  let trying: Entry | null = null;
  let failures = 0;
  const again = createTimer(clock);

  const change = (next: readonly Entry[]): void => {
    entries = next;
    show(entries.map(({ view }) => view));
  };
  const entryOf = (id: string): Entry | undefined => entries.find(({ view }) => view.id === id);
  const waiting = (): Entry | undefined => entries.find(({ view }) => view.status === 'sending');

  const succeed = (entry: Entry, message: Message): void => {
    if (!entries.includes(entry)) return;
    if (trying === entry) trying = null;
    failures = 0;
    again.clear();
    log('debug', 'a message was sent', { channelId: context.channelId, messageId: message.id, seq: message.seq });
    sent(message);
    change(entries.filter((other) => other !== entry));
    entry.settle.resolve(message);
    pump();
  };
  const fail = (entry: Entry, error: ParleyError): void => {
    log('warn', 'a message was not sent', { channelId: context.channelId, messageId: entry.view.id, code: error.code });
    change(
      entries.map((other) =>
        other === entry ? { ...entry, view: { ...entry.view, status: 'failed', error } } : other,
      ),
    );
    entry.settle.reject(error);
  };

  const attempt = async (entry: Entry): Promise<void> => {
    try {
      succeed(entry, await post(entry.input));
    } catch (cause) {
      if (trying !== entry) return;
      trying = null;
      const error = asParleyError(cause, 'send message');
      if (error.retryable && clock.now() < entry.giveUpAt && entries.includes(entry)) {
        failures += 1;
        const retryInMs = Math.max(error.details.retryAfterMs ?? 0, backoffMs(failures, random()), 100);
        log('info', 'a message is sent again', { messageId: entry.view.id, code: error.code, retryInMs });
        again.set(pump, retryInMs);
        return;
      }
      failures = 0;
      if (entries.includes(entry)) fail(entry, error);
      pump();
    }
  };
  const pump = (): void => {
    const next = waiting();
    if (trying !== null || again.active || next === undefined) return;
    trying = next;
    void attempt(next);
  };

  const enqueue = (input: Entry['input'], view: MessageView): Promise<Message> =>
    new Promise((resolve, reject) => {
      change([...entries, { input, view, giveUpAt: clock.now() + giveUpMs, settle: { resolve, reject } }]);
      pump();
    });

  return {
    async send(given) {
      const input = { ...given, id: given.id === undefined ? uuid() : parseMessageId(given.id) };
      refuseEmpty(input);
      if (entries.length >= mostWaiting) {
        throw new ParleyError('rate_limited', `unable to send message; ${mostWaiting} are waiting already`, {
          limit: mostWaiting,
        });
      }
      const view = provisional(input, { ...context, at: new Date(clock.now()).toISOString() });
      return enqueue(input, view);
    },
    async retry(id) {
      const entry = entryOf(id);
      if (entry?.view.status !== 'failed')
        throw new ParleyError('not_found', 'unable to send message again; none with this id has failed here');
      entries = entries.filter((other) => other !== entry);
      return enqueue(entry.input, { ...entry.view, status: 'sending', error: null });
    },
    discard(id) {
      const entry = entryOf(id);
      if (entry === undefined || entry === trying) return;
      change(entries.filter((other) => other !== entry));
      if (entry.view.status === 'sending') {
        entry.settle.reject(
          new ParleyError('disconnected', 'unable to send message; it was discarded before its turn'),
        );
      }
    },
    seen(message) {
      const entry = entryOf(message.id);
      if (entry !== undefined) succeed(entry, message);
    },
    retryNow() {
      if (!again.active) return;
      again.clear();
      pump();
    },
    stop() {
      again.clear();
      trying = null;
      const error = new ParleyError('disconnected', 'unable to send message; the client was disconnected');
      for (const entry of entries) if (entry.view.status === 'sending') fail(entry, error);
    },
  };
}

function refuseEmpty({ text = '', attachments = [] }: SendInput): void {
  if (text.length > limits.messageText) {
    throw new ParleyError(
      'invalid_input',
      `unable to send message; text is over ${limits.messageText} characters: shorten it`,
      {
        field: 'text',
        limit: limits.messageText,
      },
    );
  }
  if (text === '' && attachments.length === 0) {
    throw new ParleyError('invalid_input', 'unable to send message; it is empty: give it text or an attachment', {
      field: 'text',
    });
  }
}
