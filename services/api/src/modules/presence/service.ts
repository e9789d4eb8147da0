import type { PresenceChanged } from '@parley/contracts';
import type { Db } from '../../platform/db.ts';
import type { Publisher } from '../../platform/publisher.ts';
import type { Sql } from '../../platform/sql.ts';
import * as repository from './repository.ts';

export interface UserOfApp {
  readonly appId: string;
  readonly userId: string;
}

/** Users of one app whose presence somebody wants to know. */
export interface PresenceList {
  readonly appId: string;
  readonly userIds: readonly string[];
}

export interface PresenceService {
  /** These users hold a socket on this node, for `ttlMs` from now. */
  renew(nodeId: string, ttlMs: number, users: readonly UserOfApp[]): Promise<void>;
  /** They no longer do. */
  release(nodeId: string, users: readonly UserOfApp[]): Promise<void>;
  /** For each list, in the order asked for; an unknown user is offline. */
  readMany(lists: readonly PresenceList[]): Promise<readonly (readonly PresenceChanged[])[]>;
  /** Ends leases that ran out; resolves with the count of users who went offline by it. */
  expire(): Promise<number>;
}

/** Users of one round of the expiry. */
const usersAtOnce = 1_000;

interface PresenceDependencies {
  readonly db: Db;
  readonly publisher: Publisher;
}

/**
 * A user is online while any node holds a lease for it that has not run out. A change is published inside the transaction that makes it, which holds
 * the user's row, so the last word on the bus is the last change. Should the commit fail, the node renews, or the expiry ends, the same lease again.
 */
export function createPresenceService({ db, publisher }: PresenceDependencies): PresenceService {
  const publish = async (sql: Sql, users: readonly UserOfApp[], online: boolean): Promise<number> => {
    if (users.length === 0) return 0;
    for (const { appId, userId, lastActiveAt } of await repository.markActive(sql, users))
      publisher.presence(appId, { __typename: 'PresenceChanged', userId, online, lastActiveAt });
    return users.length;
  };
  const endOf = async (sql: Sql, users: readonly UserOfApp[]): Promise<number> =>
    users.length === 0 ? 0 : await publish(sql, await repository.withoutLease(sql, users), false);

  return {
    async renew(nodeId, ttlMs, users) {
      if (users.length === 0) return;
      const held = new Set((await repository.prolong(db, users, nodeId, ttlMs)).map(nameOf));
      const arriving = users.filter((user) => !held.has(nameOf(user)));
      if (arriving.length === 0) return;
      await db.transaction(async (sql) => {
        await repository.lockUsers(sql, arriving);
        const first = await repository.withoutLease(sql, arriving);
        await repository.addLeases(sql, arriving, nodeId, ttlMs);
        await publish(sql, first, true);
      });
    },

    async release(nodeId, users) {
      if (users.length === 0) return;
      await db.transaction(async (sql) => {
        await repository.lockUsers(sql, users);
        await endOf(sql, await repository.removeLeases(sql, users, nodeId));
      });
    },

    readMany: (lists) => repository.readPresence(db, lists),

    async expire() {
      let total = 0;
      for (;;) {
        const { taken, ended } = await db.transaction(async (sql) => {
          const users = await repository.takeExpired(sql, usersAtOnce);
          if (users.length === 0) return { taken: 0, ended: 0 };
          return { taken: users.length, ended: await endOf(sql, await repository.removeExpired(sql, users)) };
        });
        total += ended;
        if (taken === 0) return total;
      }
    },
  };
}

// Neither id can hold a slash.
const nameOf = ({ appId, userId }: UserOfApp) => `${appId}/${userId}`;
