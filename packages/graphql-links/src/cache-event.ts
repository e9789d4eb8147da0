/** An event of a channel or of the inbox, as far as a cache takes it in; pass what the subscription brought as it is. */
export interface CacheEvent {
  readonly __typename?: string;
  readonly channelId?: string;
  /** Of MessageCreated and MessageDeleted: select `id` and `parentId`, and `seq` for the order. */
  readonly message?: { readonly id?: string; readonly parentId?: string | null; readonly seq?: number };
  readonly hard?: boolean;
  /** Of MembersAdded. */
  readonly members?: ReadonlyArray<{ readonly user?: { readonly id?: string } }>;
  /** Of MembersRemoved. */
  readonly userIds?: readonly string[];
  readonly memberCount?: number;
  readonly unreadCount?: number;
  readonly unreadMentions?: number;
  readonly totalUnread?: number;
  readonly unreadChannels?: number;
}

/** Gives a field that the document has to select. */
export function selected<T>(value: T | undefined, { __typename }: CacheEvent, path: string): T {
  if (value === undefined) throw new TypeError(`unable to take ${__typename} into the cache; select ${path} in it`);
  return value;
}
