import type {
  Capability,
  Channel as ChannelData,
  ChannelFilter,
  ChannelSort,
  Member,
  Message,
  ParleyError,
} from '@parley/contracts';
import type { Store } from '../lib/store.ts';

export interface ChannelQuery {
  readonly filter?: ChannelFilter | undefined;
  /** Up to 3; default: the newest message first. */
  readonly sort?: readonly ChannelSort[] | undefined;
  /** 1 to 100; default 25. */
  readonly pageSize?: number | undefined;
}

/** A channel as a list shows it. */
export interface ChannelSummary {
  readonly id: string;
  readonly data: ChannelData;
  readonly lastMessage: Message | null;
  readonly unreadCount: number;
  readonly unreadMentions: number;
  readonly readSeq: number;
  /** The viewer's own; null for those who are no member. */
  readonly membership: Member | null;
  /** The first 25; in lists with a page size over 40, the first 5. */
  readonly members: readonly Member[];
  readonly capabilities: readonly Capability[];
}

export interface ChannelListState {
  readonly status: 'idle' | 'loading' | 'ready' | 'failed';
  readonly items: readonly ChannelSummary[];
  readonly hasMore: boolean;
  readonly error: ParleyError | null;
}

/** Channels that match a filter, in order; live while watched. */
export interface ChannelList extends Store<ChannelListState> {
  /** Ref-counted. Returns a function that ends this watch; the last one stops it. */
  watch(): () => void;
  /** Appends the next page; does nothing while one is being loaded or when there is none. @throws ParleyError */
  loadMore(): Promise<void>;
  /** Asks for the first page anew. @throws ParleyError */
  refresh(): Promise<void>;
}
