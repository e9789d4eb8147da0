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

/**
 * What passes by itself becomes `unavailable`; everything else stays what it is. The driver's own words name hosts and users, so they are in the
 * cause only, which no client is told.
 */
export function databaseFault(fault: unknown): unknown {
  if (fault instanceof ParleyError) return fault;
  const lost = isConnectionFault(fault);
  if (!lost && !passingStates.test(codeOf(fault))) return fault;
  const why = lost ? 'there is no connection to it' : 'it is too busy';
  return new ParleyError('unavailable', `unable to reach the database; ${why}`, { retryAfterMs: 1_000, cause: fault });
}
