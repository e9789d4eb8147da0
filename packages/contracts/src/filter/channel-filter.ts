/**
 * The one filter language for SQL and for live lists. A field that is null or absent says nothing; several fields of one object must all hold.
 * The logic has two values, also where SQL has three: a comparison with something missing is false, and its negation is true.
 * Text is compared by code point, case-sensitively, the same in every locale.
 */
export interface ChannelFilter {
  readonly and?: readonly ChannelFilter[] | null | undefined;
  readonly or?: readonly ChannelFilter[] | null | undefined;
  readonly not?: ChannelFilter | null | undefined;
  readonly id?: IdFilter | null | undefined;
  readonly type?: StringFilter | null | undefined;
  readonly members?: IdSetFilter | null | undefined;
  readonly createdById?: IdFilter | null | undefined;
  readonly lastMessageAt?: DateTimeFilter | null | undefined;
  readonly memberCount?: IntFilter | null | undefined;
  readonly hasUnread?: boolean | null | undefined;
  readonly custom?: readonly CustomFilter[] | null | undefined;
}
export interface IdFilter {
  readonly eq?: string | null | undefined;
  readonly in?: readonly string[] | null | undefined;
}
export interface IdSetFilter {
  /** All of these. */
  readonly contains?: readonly string[] | null | undefined;
  readonly containsAny?: readonly string[] | null | undefined;
  /** These and no other. */
  readonly equals?: readonly string[] | null | undefined;
}
export interface StringFilter {
  readonly eq?: string | null | undefined;
  readonly in?: readonly string[] | null | undefined;
  readonly contains?: string | null | undefined;
  readonly startsWith?: string | null | undefined;
}
/** ISO 8601. */
export interface DateTimeFilter {
  readonly gt?: string | null | undefined;
  readonly gte?: string | null | undefined;
  readonly lt?: string | null | undefined;
  readonly lte?: string | null | undefined;
}
export interface NumberFilter {
  readonly eq?: number | null | undefined;
  readonly gt?: number | null | undefined;
  readonly gte?: number | null | undefined;
  readonly lt?: number | null | undefined;
  readonly lte?: number | null | undefined;
}
export type IntFilter = NumberFilter;
/** One field of the custom data by path (`a.b`); objects only, not into arrays. `exists`: present and not null. */
export interface CustomFilter {
  readonly path: string;
  readonly exists?: boolean | null | undefined;
  readonly string?: StringFilter | null | undefined;
  readonly number?: NumberFilter | null | undefined;
  readonly boolean?: boolean | null | undefined;
}

export type SortDirection = 'ASC' | 'DESC';
export type ChannelSortField = 'LAST_MESSAGE_AT' | 'CREATED_AT' | 'UPDATED_AT' | 'MEMBER_COUNT' | 'UNREAD_COUNT';
export interface ChannelSort {
  readonly field: ChannelSortField;
  readonly direction: SortDirection;
}
