import type { IncomingMessage, ServerResponse } from 'node:http';
import type { GraphqlRequest } from '@parley/contracts/bus';
import type { AnswerType } from './accepted-type.ts';
import { createAnswerCompressor } from './compress-answer.ts';
import type { Authenticate, Executor } from './execute.ts';
import { sendOutcome } from './http-answer.ts';

/** A request that was read. */
export interface Exchange {
  readonly requestId: string;
  readonly authenticate: Authenticate;
  readonly request: GraphqlRequest;
  readonly mutations: boolean;
  readonly type: AnswerType;
  /** Resolves when the answer was sent, or cannot be. */
  readonly sent: () => Promise<void>;
}

/** Answers a request that was read. */
export type HttpHandler = (req: IncomingMessage, res: ServerResponse, exchange: Exchange) => Promise<void>;

/** Answers in the form that the client accepts; what runs, and under which limits, is up to the executor. */
export function createHttpHandler({ executor }: { readonly executor: Executor }): HttpHandler {
  const compressor = createAnswerCompressor();
  return async (req, res, { authenticate, request, requestId, mutations, type, sent }) => {
    const outcome = await executor.run(authenticate, request, requestId, { mutations, sent });
    await sendOutcome(req, res, outcome, type, compressor);
  };
}
