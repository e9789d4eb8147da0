import { ParleyError } from '@parley/contracts';

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

const codeOf = (fault: unknown): string =>
  fault instanceof Error && 'code' in fault && typeof fault.code === 'string' ? fault.code : '';

/** Whether the connection that reported this can serve no further statement. */
export function isConnectionFault(fault: unknown): boolean {
  const code = codeOf(fault);
  if (networkCodes.has(code) || endedStates.test(code)) return true;
  // Several addresses were tried, each in vain.
  if (fault instanceof AggregateError) return fault.errors.some(isConnectionFault);
  return fault instanceof Error && networkMessages.some((message) => fault.message.startsWith(message));
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

/** What those are told who would write; undefined when it is not the storage that failed. */
export function storageFault(fault: unknown): ParleyError | undefined {
  const cause = fault instanceof ParleyError ? fault.cause : fault;
  const why = storageStates.get(codeOf(cause));
  if (why === undefined) return undefined;
  return new ParleyError('unavailable', `unable to write; ${why}`, { retryAfterMs: storageRetryMs, cause });
}

/** What the operator is told who starts a node with a connection string that the server refuses. */
function refusedConnection(fault: unknown): ParleyError {
  const why = codeOf(fault) === '3D000' ? 'there is no database of that name' : 'it refuses the user or the password';
  return new ParleyError('unavailable', `unable to use the database; ${why}: correct DATABASE_URL`, { cause: fault });
}

/**
 * What passes by itself or by the operator's hand becomes `unavailable`; everything else stays what it is. The driver's own words name hosts and users, so they are in the
 * cause only, which no client is told.
 */
export function databaseFault(fault: unknown): unknown {
  if (fault instanceof ParleyError) return fault;
  const unwritable = storageFault(fault);
  if (unwritable !== undefined) return unwritable;
  if (refusedStates.test(codeOf(fault))) return refusedConnection(fault);
  const lost = isConnectionFault(fault);
  if (!lost && !passingStates.test(codeOf(fault))) return fault;
  const why = lost ? 'there is no connection to it' : 'it is too busy';
  return new ParleyError('unavailable', `unable to reach the database; ${why}`, { retryAfterMs: 1_000, cause: fault });
}
