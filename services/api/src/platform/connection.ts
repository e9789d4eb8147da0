import { ParleyError } from '@parley/contracts';
import type { Pool, PoolClient } from 'pg';
import { databaseFault, isConnectionFault } from './database-fault.ts';
import { meteredTypes, type RowBudget } from './row-meter.ts';

const ignore = (): void => undefined;

/** How long work may take to end once its connection was taken away. */
const settleMs = 100;

/** One connection of the pool, for the length of one call. Statements are sent at once and answered in order, whether or not one waits between. */
export interface Connection {
  /** `budget`: what the rows may take. */
  run<Row>(
    text: string,
    params: readonly unknown[],
    budget?: RowBudget,
  ): Promise<{ readonly rows: Row[]; readonly command: string }>;
}

/**
 * Lends a connection to `work` for at most `deadlineMs`, the wait for it included. One that failed, or that is still busy then, is not used again:
 * ending it makes the server roll back. `failed` hears what each statement failed with.
 * @throws unavailable, and what `work` throws
 */
export async function withConnection<T>(
  pool: Pool,
  deadlineMs: number,
  work: (connection: Connection) => Promise<T>,
  failed: (error: unknown) => void = ignore,
): Promise<T> {
  const startedAt = performance.now();
  const client = await pool.connect().catch((error: unknown) => {
    throw databaseFault(error);
  });
  let broken = false;
  let returned = false;
  const giveBack = (end: boolean) => {
    if (returned) return;
    returned = true;
    client.release(end);
  };
  // A connection that breaks between two statements says so here, and without a listener it would end the process.
  const onError = () => {
    broken = true;
  };
  client.on('error', onError);
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    const onDeadline = () => {
      giveBack(true);
      // Work that waits for a statement learns of it by that statement's failure, and may know better what was written.
      timer = setTimeout(() => reject(overdue(deadlineMs)), settleMs);
    };
    timer = setTimeout(onDeadline, Math.max(1, deadlineMs - (performance.now() - startedAt)));
  });
  const connection: Connection = {
    run: async (text, params, budget) => {
      if (returned) throw overdue(deadlineMs);
      return await run(client, text, params, budget).catch((error: unknown) => {
        broken ||= isConnectionFault(error);
        failed(error);
        throw returned ? overdue(deadlineMs, error) : databaseFault(error);
      });
    },
  };
  try {
    return await Promise.race([work(connection), deadline]);
  } finally {
    clearTimeout(timer);
    giveBack(broken);
    client.off('error', onError);
  }
}

/** The word in the comment that a text begins with: hot statements are parsed and planned once on each connection. */
const nameOf = (text: string): string | undefined => /^-- ([\w-]+)\n/.exec(text)?.[1];

/** What is sent in one turn of the event loop leaves in one system call, each of which costs more than most statements. */
function sendTogether({ connection: { stream } }: PoolClient): void {
  stream.cork();
  process.nextTick(() => stream.uncork());
}

async function run(client: PoolClient, text: string, params: readonly unknown[], budget?: RowBudget) {
  sendTogether(client);
  const name = text.startsWith('-- ') ? nameOf(text) : undefined;
  const query = { text, values: [...params], ...(name === undefined ? {} : { name }) };
  if (budget === undefined) {
    const { rows, command } = await client.query(query);
    return { rows, command };
  }
  const startedAt = performance.now();
  const { rows, command } = await client.query({ ...query, types: meteredTypes(budget) });
  budget.spend(performance.now() - startedAt);
  budget.check();
  return { rows, command };
}

const overdue = (deadlineMs: number, cause?: unknown) =>
  new ParleyError('unavailable', `unable to reach the database; no answer within ${deadlineMs} ms`, {
    retryAfterMs: 1_000,
    cause,
  });
