import type { ChannelBumped, DateTime, InboxEvent, UnreadChanged } from '@parley/contracts';
import type { RecentNumbers, RecentTotals } from '@parley/contracts/bus';
import { Recently } from './recently.ts';

/** How much older a change may be than the moment at which the state was read, and yet not in it: as long as transactions live, and some more. */
const unseenMs = 12_000;

type Told =
  | Pick<ChannelBumped, 'at' | 'seq' | 'unreadCount' | 'unreadMentions'>
  | { readonly at: DateTime; readonly left: true };

/** What one inbox was told lately, so that what it was not told comes to light. */
export class ToldInbox {
  readonly #channels = new Recently<Told>();
  #totals: UnreadChanged | undefined;
  #readAt = 0;

  /** Channels that are remembered, those of each turn counted. */
  get size(): number {
    return this.#channels.size;
  }

  note(event: InboxEvent): void {
    if (event.__typename === 'ChannelBumped') {
      const { at, seq, unreadCount, unreadMentions } = event;
      this.#channels.note(event.channelId, { at, seq, unreadCount, unreadMentions });
    } else if (event.__typename === 'ChannelLeft') this.#channels.note(event.channelId, { at: event.at, left: true });
    else if (event.__typename === 'UnreadChanged') this.#totals = event;
    else if (event.__typename === 'InboxSynced') this.#readAt = Date.parse(event.at);
  }

  /** A round is over. */
  turn(): void {
    this.#channels.turn();
  }

  /** `at`: when the numbers were read. */
  agreesOn(numbers: RecentNumbers, at: DateTime): boolean {
    const told = this.#channels.find(numbers.channelId);
    if (told === undefined) return Date.parse(numbers.changedAt) < this.#readAt - unseenMs;
    if (told.at > at) return true;
    if ('left' in told) return numbers.left;
    return (
      !numbers.left &&
      told.seq === numbers.seq &&
      told.unreadCount === numbers.unreadCount &&
      told.unreadMentions === numbers.unreadMentions
    );
  }

  agreesOnTotals({ totalUnread, unreadChannels }: RecentTotals, at: DateTime): boolean {
    const told = this.#totals;
    if (told === undefined) return false;
    return told.at > at || (told.totalUnread === totalUnread && told.unreadChannels === unreadChannels);
  }
}
