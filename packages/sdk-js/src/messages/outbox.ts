import type { ErrorCode, Message } from '@parley/contracts';
import { ParleyError } from '@parley/contracts';
import { backoffMs } from '../lib/backoff.ts';
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import { createTimer } from '../lib/timer.ts';
import { asParleyError } from '../operations/graphql-error.ts';
import type { OutboxEntry } from './outbox-entry.ts';
import { supersede } from './supersede.ts';

/** An entry, and what is known of it. Replaced when it changes, so that who remembers one sees that it did. */
export interface OutboxItem {
  readonly entry: OutboxEntry;
  /** It was tried, so the server may have it. */
  readonly tried: boolean;
  /** Why the server refused it for good. Null: it waits, or is under way. */
  readonly error: ParleyError | null;
  /** Who waits for its outcome. */
  readonly waiters: readonly Waiter[];
}

interface Waiter {
  resolve(message: Message): void;
  reject(error: ParleyError): void;
}

/**
 * What the viewer did in one channel and the server does not have yet: one at a time, in order, each until its outcome is known. Waits as long as the
 * client lives; only an answer that would be the same next time fails an entry.
 */
export interface Outbox {
  /** @throws rate_limited; what it was refused with; not_found when the message was deleted before; disconnected when it was discarded before its turn */
  add(entry: OutboxEntry): Promise<Message>;
  /** Tries what failed again. @throws not_found; else as add */
  retry(messageId: string): Promise<Message>;
  /** Forgets what failed or waits for its turn: a message that is not sent, with all that waits for it, else its edit and deletion. */
  discard(messageId: string): void;
  /** The message has been seen in the log, so it was sent, whatever became of the answer. */
  seen(message: Message): void;
  /** What failed of the message has had its day: it is no more, or the server has a later change. */
  forgive(messageId: string): void;
  /** The connection is back: goes on at once. */
  retryNow(): void;
  /** Keeps what waits and leaves no timer; goes on with the next connection or entry. */
  pause(): void;
}

export interface OutboxOptions {
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
  /** One try. Doing the same again is safe. */
  readonly post: (entry: OutboxEntry) => Promise<Message>;
  /** The message as it is known; one that is only on its way too. */
  readonly known: (messageId: string) => Message | undefined;
  /** The entries have changed. */
  readonly show: (items: readonly OutboxItem[]) => void;
  /** The server has it. Called before it leaves the entries. */
  readonly done: (entry: OutboxEntry, message: Message) => void;
}

const mostEntries = 200;
/** A server that breaks on one entry must not hold up the others for good. In a row and with the usual pauses: about a minute. */
const mostBreakdowns = 12;

export function createOutbox({ clock, random, log, post, known, show, done }: OutboxOptions): Outbox {
  let items: readonly OutboxItem[] = [];
  let trying: OutboxItem | null = null;
  let failures = 0;
  let breakdowns = 0;
  let paused = false;
  const again = createTimer(clock);

  const change = (next: readonly OutboxItem[]): void => {
    items = next;
    show(items);
  };
  const without = (gone: readonly OutboxItem[]): readonly OutboxItem[] => items.filter((item) => !gone.includes(item));
  const replaced = (item: OutboxItem, by: OutboxItem): readonly OutboxItem[] =>
    items.map((other) => (other === item ? by : other));
  const of = (messageId: string): readonly OutboxItem[] =>
    items.filter(({ entry }) => entry.messageId === messageId && entry !== trying?.entry);
  const drop = (gone: readonly OutboxItem[], code: ErrorCode, why: string): void => {
    if (gone.length === 0) return;
    change(without(gone));
    for (const { reject } of gone.flatMap(({ waiters }) => waiters))
      reject(new ParleyError(code, `unable to send; ${why}`));
  };

  const end = (item: OutboxItem, next: readonly OutboxItem[], settle: (waiter: Waiter) => void): void => {
    if (trying === item) trying = null;
    failures = 0;
    breakdowns = 0;
    again.clear();
    change(next);
    item.waiters.forEach(settle);
    pump();
  };
  const succeed = (item: OutboxItem, message: Message): void => {
    const { kind, messageId } = item.entry;
    log('debug', 'a message was sent', { kind, channelId: message.channelId, messageId, seq: message.seq });
    done(item.entry, message);
    end(item, without([item]), ({ resolve }) => resolve(message));
  };
  const fail = (item: OutboxItem, error: ParleyError): void => {
    const { kind, messageId } = item.entry;
    breakdowns = error.code === 'internal' ? breakdowns + 1 : 0;
    if (error.retryable && breakdowns < mostBreakdowns) {
      trying = null;
      failures += 1;
      const retryInMs = Math.max(error.details.retryAfterMs ?? 0, backoffMs(failures, random()), 100);
      log('info', 'a message is sent again', { kind, messageId, code: error.code, retryInMs });
      if (!paused) again.set(pump, retryInMs);
      return;
    }
    log('warn', 'a message was not sent', { kind, messageId, code: error.code });
    // What can be neither shown nor repeated is not kept: a reaction that was taken back, a change of a message that is no more.
    const lost = kind !== 'send' && error.code === 'not_found' && known(messageId) === undefined;
    const next =
      lost || kind === 'react' || kind === 'unreact'
        ? without([item])
        : replaced(item, { ...item, error, waiters: [] });
    end(item, next, ({ reject }) => reject(error));
  };
  /** What a message that failed to be sent still has to wait for is left where it is. */
  const isReady = ({ entry: { messageId }, error }: OutboxItem): boolean =>
    error === null &&
    !items.some((other) => other.entry.kind === 'send' && other.entry.messageId === messageId && other.error !== null);
  const pump = (): void => {
    const next = items.find(isReady);
    if (trying !== null || again.active || paused || next === undefined) return;
    const item = { ...next, tried: true };
    items = replaced(next, item);
    trying = item;
    post(item.entry).then(
      (message) => {
        if (items.includes(item)) succeed(item, message);
      },
      (cause: unknown) => {
        if (trying === item) fail(item, asParleyError(cause, 'send'));
      },
    );
  };
  const resume = (): void => {
    paused = false;
    pump();
  };

  return {
    add: (unclean) =>
      new Promise((resolve, reject) => {
        // Plain JSON that nobody else changes, and what is undefined is omitted, also where a later edit is joined to an earlier one.
        const given = JSON.parse(JSON.stringify(unclean)) as OutboxEntry;
        const { messageId } = given;
        const own = of(messageId);
        const before = known(messageId);
        const { joined, dropped, entry } = supersede(given, own, trying?.entry, before);
        if (entry !== null && items.length - joined.length - dropped.length >= mostEntries) {
          throw new ParleyError('rate_limited', `unable to send; ${mostEntries} wait here already`, {
            limit: mostEntries,
          });
        }
        const waiters = [...joined.flatMap((item) => item.waiters), { resolve, reject }];
        drop(dropped, 'not_found', 'the message was deleted before');
        const rest = without(joined);
        const tried = joined.some((item) => item.tried);
        change(entry === null ? rest : [...rest, { entry, tried, error: null, waiters }]);
        if (entry === null && before !== undefined) for (const waiter of waiters) waiter.resolve(before);
        resume();
      }),
    retry: (messageId) =>
      new Promise((resolve, reject) => {
        const own = of(messageId);
        if (own.every(({ error }) => error === null))
          throw new ParleyError('not_found', 'unable to send again; nothing of this message has failed here');
        const next = own.map((item) =>
          item.error === null ? item : { ...item, error: null, waiters: [{ resolve, reject }] },
        );
        change([...without(own), ...next]);
        resume();
      }),
    discard(messageId) {
      if (trying?.entry.kind === 'send' && trying.entry.messageId === messageId) return;
      const own = of(messageId);
      const unsent = own.some(({ entry }) => entry.kind === 'send');
      drop(
        own.filter(({ entry: { kind } }) => unsent || kind === 'edit' || kind === 'delete'),
        'disconnected',
        'it was discarded before its turn',
      );
    },
    seen(message) {
      const item = items.find(({ entry }) => entry.kind === 'send' && entry.messageId === message.id);
      if (item !== undefined) succeed(item, message);
    },
    forgive(messageId) {
      const own = of(messageId).filter(({ error }) => error !== null);
      if (own.length > 0) change(without(own));
    },
    retryNow() {
      failures = 0;
      again.clear();
      resume();
    },
    pause() {
      paused = true;
      again.clear();
    },
  };
}
