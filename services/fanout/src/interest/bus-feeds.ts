import { ParleyError } from '@parley/contracts';
import { type AppBusMessage, type PresenceBusMessage, subjects, type UserBusMessage } from '@parley/contracts/bus';
import { presenceBusMessage } from '@parley/schemas';
import type { Bus, BusSubscription, Logger } from '@parley/service-kit';
import { parsed, readBusMessage, readInboxMessage } from './bus-message.ts';

/** A listener's place on a subject. */
export interface Listening {
  /** As `BusSubscription.ready`. */
  readonly ready: Promise<void>;
  /** Harmless when repeated. */
  stop(): void;
}

interface Feed {
  readonly subscription: BusSubscription;
  readonly listeners: Set<(message: unknown) => void>;
}

/** One bus subscription for all listeners of a subject on this node. Each message is parsed once: all listeners get the same object. */
export class BusFeeds {
  readonly #bus: Bus;
  readonly #logger: Pick<Logger, 'error'>;
  readonly #feeds = new Map<string, Feed>();
  readonly #returnListeners = new Set<() => void>();
  readonly #unsubscribeStatus: () => void;

  constructor(bus: Bus, logger: Pick<Logger, 'error'>) {
    this.#bus = bus;
    this.#logger = logger;
    this.#unsubscribeStatus = bus.onStatus((connected) => {
      if (connected) for (const listener of this.#returnListeners) listener();
    });
  }

  /** Calls the listener when the bus is back: what was published during its absence did not arrive. Returns a function that unsubscribes. */
  onReturn(listener: () => void): () => void {
    this.#returnListeners.add(listener);
    return () => this.#returnListeners.delete(listener);
  }

  /** Subjects that somebody listens to. */
  get size(): number {
    return this.#feeds.size;
  }

  user(appId: string, userId: string, listener: (message: UserBusMessage) => void): Listening {
    return this.#listen(subjects.user(appId, userId), listener, readUserMessage);
  }

  app(appId: string, listener: (message: AppBusMessage) => void): Listening {
    return this.#listen(subjects.app(appId), listener, readKnownKind);
  }

  presence(appId: string, userId: string, listener: (message: PresenceBusMessage) => void): Listening {
    return this.#listen(subjects.presence(appId, userId), listener, (text) => readBusMessage(presenceBusMessage, text));
  }

  close(): void {
    this.#unsubscribeStatus();
    for (const { subscription } of this.#feeds.values()) subscription.unsubscribe();
    this.#feeds.clear();
  }

  #listen<Message>(subject: string, listener: (message: Message) => void, read: (text: string) => unknown): Listening {
    const feed = this.#feeds.get(subject) ?? this.#open(subject, read);
    // The subject says what its messages are; only our own services publish there.
    const own = (message: unknown) => listener(message as Message);
    feed.listeners.add(own);
    return {
      ready: feed.subscription.ready,
      stop: () => {
        feed.listeners.delete(own);
        if (feed.listeners.size > 0 || this.#feeds.get(subject) !== feed) return;
        this.#feeds.delete(subject);
        feed.subscription.unsubscribe();
      },
    };
  }

  #open(subject: string, read: (text: string) => unknown): Feed {
    const listeners = new Set<(message: unknown) => void>();
    const subscription = this.#bus.subscribe(subject, (text) => {
      const message = read(text);
      for (const listener of listeners) this.#notify(subject, listener, message);
    });
    const feed: Feed = { subscription, listeners };
    this.#feeds.set(subject, feed);
    return feed;
  }

  #notify(subject: string, listener: (message: unknown) => void, message: unknown): void {
    try {
      listener(message);
    } catch (error) {
      this.#logger.error({ err: error, subject }, 'a listener of the bus failed');
    }
  }
}

/** @throws invalid_input */
function readKnownKind(text: string): unknown {
  const message = parsed(text);
  kindOf(message);
  return message;
}

/** Checks inbox messages, which clients see. Other kinds are checked by their listeners. */
function readUserMessage(text: string): unknown {
  const message = parsed(text);
  return kindOf(message) === 'inbox' ? readInboxMessage(message) : message;
}

/** @throws invalid_input */
function kindOf(message: unknown): unknown {
  if (typeof message === 'object' && message !== null && 'kind' in message) return message.kind;
  throw new ParleyError('invalid_input', 'unable to read a bus message; it is of no kind');
}
