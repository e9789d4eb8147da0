/** A subscription or a responder. */
export interface BusSubscription {
  /**
   * Resolves when the server knows of it: what is published from then on arrives. Rejects `unavailable` when that took over 5 s or when it was
   * undone before; the subscription itself lives on and takes effect when the connection is back. Never an unhandled rejection.
   */
  readonly ready: Promise<void>;
  /** Nothing is delivered afterwards. Harmless when repeated. */
  unsubscribe(): void;
}

/** Options of {@link Bus.subscribe}. */
export interface SubscribeOptions {
  /** Of the subscribers of one group only one gets each message. */
  readonly queue?: string;
}

/**
 * Carries copies between processes, never the truth: at most once, in order for each publisher. Subjects are exact (see `subjects` in
 * `@parley/contracts/bus`); there are no wildcards. A payload holds at most {@link busPayloadBytes} as UTF-8.
 */
export interface Bus {
  readonly connected: boolean;
  /**
   * Resolves when the message was handed to the connection; nothing is kept for later.
   * @throws unavailable while disconnected or closed, payload_too_large
   */
  publish(subject: string, payload: string): Promise<void>;
  /** A handler that throws (or rejects) hurts nobody else and is logged. */
  subscribe(subject: string, handler: (payload: string) => void, options?: SubscribeOptions): BusSubscription;
  /** @throws unavailable when nobody answers or while disconnected, timeout past the deadline (ms), payload_too_large, internal when the responder failed */
  request(subject: string, payload: string, options: { readonly timeoutMs: number }): Promise<string>;
  /** Answers requests; one responder of a queue group gets each. */
  respond(subject: string, queue: string, handler: (payload: string) => Promise<string>): BusSubscription;
  /** Called with `false` when the connection is lost and `true` when it is there (again). Subscriptions survive. Returns a function that unsubscribes. */
  onStatus(listener: (connected: boolean) => void): () => void;
  /** Nothing is delivered afterwards and no handle stays open; requests under way are rejected. Harmless when repeated. */
  close(): Promise<void>;
}

/** Most bytes of one payload: what a NATS server takes by default. */
export const busPayloadBytes = 1024 * 1024;
