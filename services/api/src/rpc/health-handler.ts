import { ParleyError } from '@parley/contracts';
import type { Sql } from '../platform/sql.ts';
import type { Handler } from './handler.ts';

/** Says that this node answers, and how its database does. What a driver says stays here: it can name hosts and users. */
export const healthHandler =
  (sql: Sql): Handler<'health.ping'> =>
  async () => {
    const begun = performance.now();
    const took = () => Math.round((performance.now() - begun) * 10) / 10;
    try {
      await sql.query('SELECT 1');
      return { postgres: { ok: true, ms: took() } };
    } catch (error) {
      const message =
        error instanceof ParleyError ? error.message : 'unable to reach the database; see the log of the API';
      return { postgres: { ok: false, ms: took(), error: message } };
    }
  };
