import {
  type IdFilter,
  type JsonObject,
  ParleyError,
  parseUserId,
  type SortDirection,
  type StringFilter,
  type User,
} from '@parley/contracts';
import { parseWith, profileChange } from '@parley/schemas';
import { mayReadPrivate } from '../../domain/visibility.ts';
import { type Actor, requireServer, requireUser } from '../../platform/actor.ts';
import type { Page } from '../../platform/page.ts';
import type { Publisher } from '../../platform/publisher.ts';
import type { Sql } from '../../platform/sql.ts';
import { takenAt } from '../../platform/user-id-taken.ts';
import { deleteUsers, loadPrivate, loadUsers, patchUser, replaceUsers } from './repository.ts';
import { parseUserIds, parseUsers } from './user-input.ts';
import { pageUsers } from './user-page.ts';
import { checkNamed, sharingAmong, visibleAmong } from './visibility.ts';

export interface UserFilter {
  readonly and?: readonly UserFilter[] | null | undefined;
  readonly or?: readonly UserFilter[] | null | undefined;
  readonly id?: IdFilter | null | undefined;
  readonly name?: StringFilter | null | undefined;
  readonly role?: StringFilter | null | undefined;
  readonly search?: string | null | undefined;
  readonly online?: boolean | null | undefined;
}
export type UserSortField = 'ID' | 'NAME' | 'LAST_ACTIVE_AT' | 'CREATED_AT';
export interface UserSort {
  readonly field: UserSortField;
  readonly direction: SortDirection;
}
export interface UserQuery {
  readonly filter?: UserFilter | null | undefined;
  readonly sort?: readonly UserSort[] | null | undefined;
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
}
/** What a back end says of a user; what is absent becomes empty. */
export interface UserInput {
  readonly id: string;
  readonly name?: string | null | undefined;
  readonly image?: string | null | undefined;
  readonly role?: string | null | undefined;
  readonly custom?: JsonObject | null | undefined;
  readonly private?: JsonObject | null | undefined;
}
/** What a user says of itself; omitted fields are unchanged. */
export interface UpdateMeInput {
  readonly name?: string | null | undefined;
  readonly image?: string | null | undefined;
  readonly custom?: JsonObject | null | undefined;
}

export interface UsersService {
  /** One statement whatever the number. Unknown ids are absent; deleted users are present, with `deletedAt`. `sql`: inside a transaction. */
  byIds(appId: string, ids: readonly string[], sql?: Sql): Promise<Map<string, User>>;
  get(actor: Actor, id: string): Promise<User | null>;
  /** Of these ids, the users that are there and that the actor may look up; at most two statements. */
  readableAmong(actor: Actor, ids: readonly string[]): Promise<Map<string, User>>;
  /** @throws forbidden for a server token without `sub` */
  me(actor: Actor): Promise<User>;
  /** Creates or replaces, in the order given. @throws forbidden, invalid_input */
  upsert(actor: Actor, inputs: readonly UserInput[]): Promise<User[]>;
  /**
   * Empties their profiles, refuses their tokens, closes their sockets, and takes them out of their channels some seconds later. What they wrote stays. In
   * the order given. @throws forbidden, invalid_input
   */
  delete(actor: Actor, userIds: readonly string[]): Promise<User[]>;
  /** @throws forbidden, invalid_input */
  updateMe(actor: Actor, input: UpdateMeInput): Promise<User>;
  /**
   * Refuses an actor that names somebody whom it may not look up, or who does not exist, with the same words. `fieldOf` is given an id and says where
   * it was named; `action` completes "unable to …". @throws not_found
   */
  checkNamed(
    actor: Actor,
    ids: readonly string[],
    named: { readonly action: string; readonly fieldOf: (userId: string) => string },
  ): Promise<void>;
  /** For each viewer, those of the users who share a channel with it. One statement, none for nobody. */
  sharingAmong(
    asked: readonly { readonly appId: string; readonly viewer: string | null; readonly userIds: readonly string[] }[],
  ): Promise<readonly ReadonlySet<string>[]>;
  /** Those of the users whom the actor may look up. At most one statement. */
  visibleAmong(actor: Actor, ids: readonly string[]): Promise<ReadonlySet<string>>;
  /** The private data of the users, of whom the actor is one or a back end; of the others nothing. One statement. */
  privateOf(actor: Actor, ids: readonly string[]): Promise<Map<string, JsonObject>>;
  /** Users that are not deleted and that the actor may look up, by key. @throws invalid_input */
  search(actor: Actor, query: UserQuery): Promise<Page<User>>;
}

export interface UsersDependencies {
  readonly db: Sql;
  readonly publisher: Pick<Publisher, 'accessChanged' | 'usersChanged'>;
}

export function createUsersService({ db, publisher }: UsersDependencies): UsersService {
  const one = async (appId: string, id: string): Promise<User | null> =>
    (await loadUsers(db, appId, [id])).get(id) ?? null;

  const self = async (actor: Actor, action: string): Promise<User> => {
    const { appId, userId } = requireUser(actor, action);
    const user = await one(appId, userId);
    if (user === null) throw new ParleyError('not_found', `unable to ${action}; there is no user ${userId}`);
    return user;
  };

  const readableAmong: UsersService['readableAmong'] = async (actor, ids) => {
    const [found, visible] = await Promise.all([loadUsers(db, actor.appId, ids), visibleAmong(db, actor, ids)]);
    return new Map([...found].filter(([id]) => visible.has(id)));
  };

  return {
    byIds: (appId, ids, sql = db) => loadUsers(sql, appId, ids),
    async get(actor, givenId) {
      const id = parseUserId(givenId, 'id');
      return (await readableAmong(actor, [id])).get(id) ?? null;
    },
    readableAmong,
    checkNamed: (actor, ids, named) => checkNamed(db, actor, ids, named),
    sharingAmong: (asked) => sharingAmong(db, asked),
    visibleAmong: (actor, ids) => visibleAmong(db, actor, ids),
    privateOf: (actor, ids) =>
      loadPrivate(
        db,
        actor.appId,
        ids.filter((id) => mayReadPrivate(actor, id)),
      ),
    me: (actor) => self(actor, 'say who you are'),
    search: (actor, query) => pageUsers(db, actor, query),

    async upsert(actor, inputs) {
      requireServer(actor, 'change users');
      const records = parseUsers(inputs);
      if (records.length === 0) return [];
      const changed = await replaceUsers(db, actor.appId, records).catch(
        takenAt((id) => `users.${records.findIndex((record) => record.id === id)}.id`),
      );
      for (const { userId, at } of changed) publisher.accessChanged(actor.appId, [userId], at);
      publisher.usersChanged(actor.appId);
      const stored = await loadUsers(
        db,
        actor.appId,
        records.map((record) => record.id),
      );
      return records.flatMap((record) => stored.get(record.id) ?? []);
    },

    async delete(actor, userIds) {
      requireServer(actor, 'delete users');
      const ids = parseUserIds(userIds);
      const at = await deleteUsers(db, actor.appId, ids).catch(takenAt((id) => `userIds.${userIds.indexOf(id)}`));
      publisher.accessChanged(actor.appId, ids, at);
      publisher.usersChanged(actor.appId);
      const stored = await loadUsers(db, actor.appId, ids);
      return ids.flatMap((id) => stored.get(id) ?? []);
    },

    async updateMe(actor, input) {
      const { appId, userId } = requireUser(actor, 'update me');
      await patchUser(db, appId, userId, parseWith(profileChange, input));
      publisher.usersChanged(appId);
      return await self(actor, 'update me');
    },
  };
}
