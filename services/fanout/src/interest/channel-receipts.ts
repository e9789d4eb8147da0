import type { ReadAdvanced, Seq } from '@parley/contracts';
import type { Clock } from '@parley/service-kit';
import type { AskApi } from '../api-client.ts';
import { KnownReads } from './known-reads.ts';
import { ReceiptThrottle } from './receipt-throttle.ts';
import { RecentlySent } from './recently-sent.ts';

export interface ReceiptsDeps {
  readonly appId: string;
  readonly channelId: string;
  readonly ask: AskApi;
  readonly clock: Clock;
  /** Epoch of the channel's log. */
  readonly epoch: () => string;
  /** The API says that the log reaches so far. */
  readonly noteReadTo: (head: Seq) => void;
  readonly notifyOne: (read: ReadAdvanced) => void;
  readonly notifyMany: (reads: readonly ReadAdvanced[], ephemeral: boolean) => void;
}

/** The read pointers of one channel. They are in no log: losses show only in a comparison with the database. */
export class ChannelReceipts {
  /** For subscribers that join. */
  readonly known: KnownReads;
  readonly #deps: ReceiptsDeps;
  readonly #throttle: ReceiptThrottle;
  /** By reader. */
  #lastSent = new RecentlySent<Seq>();
  #closed = false;

  constructor(deps: ReceiptsDeps) {
    this.#deps = deps;
    const { channelId, clock, epoch, notifyOne, notifyMany } = deps;
    this.known = new KnownReads({ clock, channelId, epoch, ask: () => this.#ask() });
    this.#throttle = new ReceiptThrottle({ clock, notifyOne, notifyMany: (reads) => notifyMany(reads, true) });
  }

  /** Takes pointers from the bus. */
  receive(reads: readonly ReadAdvanced[]): void {
    for (const read of reads) this.#note(read);
    this.#throttle.note(reads);
  }

  /** Sends pointers that moved lately, as the database says, and that the subscribers were not sent. Ends a round of comparison. */
  compare(reads: readonly ReadAdvanced[]): void {
    this.receive(reads.filter(({ userId, readSeq }) => (this.#lastSent.find(userId) ?? 0) < readSeq));
    this.#lastSent.turn();
  }

  /** Reads all pointers and sends them to all subscribers. @throws unavailable, timeout, not_found */
  async refresh(): Promise<void> {
    if (this.#closed) return;
    const reads = await this.known.learn();
    if (!this.#closed) this.#deps.notifyMany(reads, false);
  }

  /** The log was set back, and the pointers with it. */
  restart(): void {
    this.#lastSent = new RecentlySent();
    this.known.forget();
  }

  close(): void {
    this.#closed = true;
    this.#throttle.close();
    this.known.forget();
  }

  #note(read: ReadAdvanced): void {
    this.known.note(read);
    this.#lastSent.note(read.userId, read.readSeq);
  }

  async #ask(): Promise<readonly ReadAdvanced[]> {
    const { appId, channelId, ask, noteReadTo } = this.#deps;
    const { head, reads } = await ask('channel.reads', { appId, channelId });
    noteReadTo(head);
    for (const { userId, readSeq } of reads) this.#lastSent.note(userId, readSeq);
    return reads;
  }
}
