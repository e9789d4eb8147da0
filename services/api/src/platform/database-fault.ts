import { ParleyError } from '@parley/contracts';
import { userIdTaken } from './user-id-taken.ts';

const networkCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);
/** Of the driver and its pool, which give these no code. */
const networkMessages = [
  'Connection terminated',
  'timeout exceeded when trying to connect',
  'Client was closed and is not queryable',
  'Client has encountered a connection error and is not queryable',
  'Cannot use a pool after calling end',
  'Query read timeout',
];
/**
 * Connection exceptions (08), no resources left (53), intervention of an operator, among them a statement that ran out of time (57), lock and idle
 * timeouts, and transactions that lost against another (40). https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const passingStates = /^(08|53|57|40)|^(55P03|25P03|25P04)$/;
/** After these the session is gone. 25P03 and 25P04 end it for a transaction that idled or lasted too long. */
const endedStates = /^(08|57P0|25P0[34])/;

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';

/** Whether the connection that reported this can serve no further statement. */
export function isConnectionFault(error: unknown): boolean {
  const code = codeOf(error);
  if (networkCodes.has(code) || endedStates.test(code)) return true;
  // Several addresses were tried, each in vain.
  if (error instanceof AggregateError) return error.errors.some(isConnectionFault);
  return error instanceof Error && networkMessages.some((message) => error.message.startsWith(message));
}

/** What keeps the server from writing until somebody makes room, or mends a disk. */
const storageStates: ReadonlyMap<string, string> = new Map([
  ['53100', 'the storage of the database is full'],
  ['58030', 'the storage of the database fails'],
]);
/** The server knows neither the user nor the password, or has no such database. */
const refusedStates = /^(28|3D000)/;

/** Longer than for what is busy: somebody has to act. */
const storageRetryMs = 10_000;

/** The error of a write when the storage failed; undefined when something else did. */
export function storageFault(error: unknown): ParleyError | undefined {
  const cause = error instanceof ParleyError ? error.cause : error;
  const why = storageStates.get(codeOf(cause));
  if (why === undefined) return undefined;
  return new ParleyError('unavailable', `unable to write; ${why}`, { retryAfterMs: storageRetryMs, cause });
}

/** The error of a node whose connection string the server refuses. */
function refusedConnection(error: unknown): ParleyError {
  const why = codeOf(error) === '3D000' ? 'there is no database of that name' : 'it refuses the user or the password';
  return new ParleyError('unavailable', `unable to use the database; ${why}: correct DATABASE_URL`, { cause: error });
}

/**
 * What passes by itself or by the operator's hand becomes `unavailable`, the id of a user that something else has a `conflict`; everything else stays what it is. The driver's own words name hosts and users, so they are in the
 * cause only, which no client gets.
 */
export function databaseFault(error: unknown): unknown {
  if (error instanceof ParleyError) return error;
  const unwritable = storageFault(error);
  if (unwritable !== undefined) return unwritable;
  const taken = userIdTaken(error);
  if (taken !== undefined) return taken;
  if (refusedStates.test(codeOf(error))) return refusedConnection(error);
  const lost = isConnectionFault(error);
  if (!lost && !passingStates.test(codeOf(error))) return error;
  const why = lost ? 'there is no connection to it' : 'it is too busy';
  return new ParleyError('unavailable', `unable to reach the database; ${why}`, { retryAfterMs: 1_000, cause: error });
}
