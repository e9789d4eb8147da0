import type { IdFilter, JsonObject, SortDirection, StringFilter } from '@parley/contracts';

export interface Page<T> {
  readonly items: readonly T[];
  readonly hasMore: boolean;
  /** Passed as `after` to get what follows; null on an empty page. */
  readonly cursor: string | null;
}

export interface UserFilter {
  readonly and?: readonly UserFilter[];
  readonly or?: readonly UserFilter[];
  readonly id?: IdFilter;
  readonly name?: StringFilter;
  readonly role?: StringFilter;
  /** What somebody typed who looks for a person: the name holds it, or the id begins with it, whatever the case and the accents. */
  readonly search?: string;
  readonly online?: boolean;
}
export type UserSortField = 'ID' | 'NAME' | 'LAST_ACTIVE_AT' | 'CREATED_AT';
export interface UserSort {
  readonly field: UserSortField;
  readonly direction: SortDirection;
}

export interface UserQuery {
  readonly filter?: UserFilter | undefined;
  readonly sort?: readonly UserSort[] | undefined;
  /** 1 to 100; default 25. */
  readonly first?: number | undefined;
  readonly after?: string | undefined;
}

/** Omitted fields are unchanged; null clears. */
export interface UpdateMeInput {
  readonly name?: string | null;
  readonly image?: string | null;
  readonly custom?: JsonObject;
}
