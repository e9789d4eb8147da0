import type { ChannelBumped, DateTime, InboxEvent, UnreadChanged } from '@parley/contracts';
import type { RecentNumbers, RecentTotals } from '@parley/contracts/bus';
import { RecentlySent } from './recently-sent.ts';

/** A change this much older than the state may still be missing in it: transactions live up to 10 s, and clocks differ. */
const unseenMs = 12_000;

type LastSent =
  | Pick<ChannelBumped, 'at' | 'seq' | 'unreadCount' | 'unreadMentions'>
  | { readonly at: DateTime; readonly left: true };

/** The newest values that one inbox was sent, by the database's time, as its client keeps them. A comparison with the database shows what the inbox missed. */
export class LastSentInbox {
  readonly #channels = new RecentlySent<LastSent>();
  #totals: UnreadChanged | undefined;
  #readAt = 0;

  /** Channels that are remembered, each once for each turn. */
  get size(): number {
    return this.#channels.size;
  }

  note(event: InboxEvent): void {
    if (event.__typename === 'ChannelBumped') {
      const { at, seq, unreadCount, unreadMentions } = event;
      this.#noteChannel(event.channelId, { at, seq, unreadCount, unreadMentions });
    } else if (event.__typename === 'ChannelLeft') this.#noteChannel(event.channelId, { at: event.at, left: true });
    else if (event.__typename === 'UnreadChanged') {
      if (this.#totals === undefined || this.#totals.at <= event.at) this.#totals = event;
    } else if (event.__typename === 'InboxSynced') this.#readAt = Date.parse(event.at);
  }

  #noteChannel(channelId: string, sent: LastSent): void {
    const known = this.#channels.find(channelId);
    this.#channels.note(channelId, known === undefined || known.at <= sent.at ? sent : known);
  }

  /** A round of comparison is over. */
  turn(): void {
    this.#channels.turn();
  }

  /** Whether the inbox was sent these numbers, which the database held at `at`. */
  agreesOn(numbers: RecentNumbers, at: DateTime): boolean {
    const sent = this.#channels.find(numbers.channelId);
    if (sent === undefined) return Date.parse(numbers.changedAt) < this.#readAt - unseenMs;
    if (sent.at > at) return true;
    if ('left' in sent) return numbers.left;
    return (
      !numbers.left &&
      sent.seq === numbers.seq &&
      sent.unreadCount === numbers.unreadCount &&
      sent.unreadMentions === numbers.unreadMentions
    );
  }

  agreesOnTotals({ totalUnread, unreadChannels }: RecentTotals, at: DateTime): boolean {
    const sent = this.#totals;
    if (sent === undefined) return false;
    return sent.at > at || (sent.totalUnread === totalUnread && sent.unreadChannels === unreadChannels);
  }
}
