import { ParleyError } from '@parley/contracts';
import type { Log } from '../lib/log.ts';

/** Explains why a document of the SDK itself was refused: the server is older. Each thing that it lacks is logged once. */
export function createSkewReport(log: Log): <Thrown>(error: Thrown) => Thrown | ParleyError {
  // As many as the SDK's own documents have fields, at most.
  const logged = new Set<string>();
  return (error) => {
    if (!(error instanceof ParleyError) || error.code !== 'invalid_query') return error;
    if (!logged.has(error.message)) {
      logged.add(error.message);
      log('error', 'the server is older than this SDK: upgrade the server', { lacks: error.message });
    }
    return new ParleyError(
      'invalid_query',
      `unable to use this server; it is older than the SDK and has to be upgraded (${error.message})`,
      { ...error.details, cause: error },
    );
  };
}
