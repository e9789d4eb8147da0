import { ParleyError } from '@parley/contracts';
import type { Log } from '../lib/log.ts';
import type { Execute, ExecuteTyped } from './execute.ts';
import type { Subscribe, SubscribeTyped } from './subscriptions.ts';

export interface OwnOperationsOptions {
  readonly execute: Execute;
  readonly subscribe: Subscribe;
  readonly log: Log;
}

/** Runs the documents of the SDK itself. They fit every server but an older one: a refusal says what that lacks, and the log has it once. */
export function createOwnOperations({ execute, subscribe, log }: OwnOperationsOptions): {
  readonly execute: ExecuteTyped;
  readonly subscribe: SubscribeTyped;
} {
  // As many as the SDK's own documents have fields, at most.
  const logged = new Set<string>();
  const explained = <Thrown>(error: Thrown): Thrown | ParleyError => {
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
  return {
    execute: <Data>(...args: Parameters<Execute>) =>
      execute<Data>(...args).catch((error: unknown): never => {
        throw explained(error);
      }),
    subscribe: (document, variables, sink) =>
      subscribe(document, variables, { ...sink, error: (error) => sink.error?.(explained(error)) }),
  };
}
