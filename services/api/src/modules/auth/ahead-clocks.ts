import { limits } from '@parley/contracts';
import type { Sql } from '../../platform/sql.ts';

/** A token as it was presented; times in epoch seconds. */
interface Presented {
  readonly keyId: string;
  readonly issuedAt: number | null;
}

/** Clocks that agree as well as this count as right. */
const slackSeconds = 1;
/** Written down at most so often, for one key and node. */
const stepSeconds = 5;
const remembered = 10_000;

/**
 * Keeps, for each key, until when tokens were dated that came before that time. A token that was made before a revocation by a clock that is ahead bears a
 * later time than that; the other tokens of the key distinguish it from one that was made later. See {@link isAmbiguous}.
 */
export function createAheadClocks({ db, now }: { readonly db: Sql; readonly now: () => number }) {
  const written = new Map<string, number>();

  return {
    /** Call before the tokens are judged. Costs a statement when a token from a clock ahead is seen, and nothing else. */
    async note(presented: readonly Presented[]): Promise<void> {
      const right = now() / 1_000 + slackSeconds;
      const ahead = new Map<string, number>();
      for (const { keyId, issuedAt } of presented) {
        if (issuedAt === null || issuedAt <= right || issuedAt <= (written.get(keyId) ?? 0)) continue;
        const until = Math.ceil(issuedAt / stepSeconds) * stepSeconds;
        ahead.set(keyId, Math.max(until, ahead.get(keyId) ?? 0));
      }
      if (ahead.size === 0) return;
      await db.query(
        `UPDATE api_keys k SET ahead_until = greatest(k.ahead_until, to_timestamp(a.until))
           FROM unnest($1::text[], $2::float8[]) AS a (key_id, until)
          WHERE k.key_id = a.key_id AND (k.ahead_until IS NULL OR k.ahead_until < to_timestamp(a.until))`,
        [[...ahead.keys()], [...ahead.values()]],
      );
      if (written.size + ahead.size > remembered) written.clear();
      for (const [keyId, until] of ahead) written.set(keyId, until);
    },
  };
}

/**
 * Whether a token that is dated after the revocation may be older than it all the same: it is dated within the tolerance for clocks after it, and not
 * later than tokens of its key that came before their time. All in ms since 1970.
 */
export const isAmbiguous = (issuedAt: number, revokedUntil: number, aheadUntil: number): boolean =>
  issuedAt <= Math.min(revokedUntil + limits.tokenClockToleranceSeconds * 1_000, aheadUntil);
