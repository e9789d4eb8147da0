import { isUtf8 } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import { limits, ParleyError } from '@parley/contracts';
import type { GraphqlRequest } from '@parley/contracts/bus';
import { type Logger, parseRequestJson } from '@parley/service-kit';
import type { Express, NextFunction, Request, Response } from 'express';
import express from 'express';
import type { GraphQLSchema } from 'graphql';
import { answerPreflight, readableBy } from './graphql/cors.ts';
import type { Executor } from './graphql/execute.ts';
import { sendFault } from './graphql/http-answer.ts';
import { createHttpHandler } from './graphql/http-handler.ts';
import { queryParameters, requestParameters } from './graphql/request-parameters.ts';
import type { AuthService, Credentials, Session } from './modules/auth/service.ts';
import type { Actor } from './platform/actor.ts';
import { createGatherer } from './platform/gatherer.ts';

export interface ServerDependencies {
  readonly schema: GraphQLSchema;
  readonly executor: Executor;
  readonly auth: Pick<AuthService, 'openMany'>;
  readonly logger: Logger;
}

/** Callers who are looked up by one statement. */
const sessionsTogether = 200;

const wellFormedId = /^[A-Za-z0-9_.:-]{1,128}$/;

const requestIdOf = (req: Request): string => {
  const given = req.get('x-request-id');
  return given !== undefined && wellFormedId.test(given) ? given : randomUUID();
};

/** Null: no token was sent. @throws unauthenticated */
function tokenOf(req: Request): string | null {
  const header = req.get('authorization');
  if (header === undefined) return null;
  const [, token] = /^Bearer +([\w.~+/=-]+) *$/i.exec(header) ?? [];
  if (token !== undefined) return token;
  throw new ParleyError('unauthenticated', 'unable to authenticate; the header is not "Authorization: Bearer <token>"');
}

/** Decoding would put U+FFFD for what is no UTF-8, and so change what was said without a word. */
function checkUtf8(_req: unknown, _res: unknown, body: Buffer): void {
  if (!isUtf8(body)) throw new Error('the body is not UTF-8');
}

/** @throws invalid_query, invalid_input naming a field that is nested too deep */
function parseBody(text: unknown): unknown {
  try {
    return parseRequestJson(typeof text === 'string' ? text : '');
  } catch (error) {
    throw error instanceof ParleyError ? error : bodyFault(error);
  }
}

/** What the reading of a body went wrong with, as one of our codes. */
function bodyFault(error: unknown): ParleyError {
  const type = error instanceof Error && 'type' in error ? error.type : null;
  if (type === 'entity.too.large') {
    return new ParleyError('payload_too_large', `unable to read the request; it is over ${limits.requestBytes} bytes`, {
      limit: limits.requestBytes,
    });
  }
  if (type === 'request.aborted')
    return new ParleyError('disconnected', 'unable to read the request; the client went away');
  return new ParleyError(
    'invalid_query',
    'unable to read the request; the body is not a JSON object, encoded as UTF-8',
  );
}

/** The HTTP side of the API: `POST /graphql`, and `GET /graphql` for queries. It never listens; whoever composes it does. */
export function createServer({ schema, executor, auth, logger }: ServerDependencies): Express {
  const answerInForm = createHttpHandler({ schema, executor, logger });
  const open = createGatherer<Credentials, Session>({ ask: auth.openMany, most: sessionsTogether, concurrency: 2 });
  const readText = express.text({ limit: limits.requestBytes, type: 'application/json', verify: checkUtf8 });

  async function authenticate(req: Request, res: Response): Promise<Actor | null> {
    const token = tokenOf(req);
    if (token === null) return null;
    try {
      return (await open({ token, origin: req.get('origin') ?? null })).actor;
    } catch (error) {
      if (error instanceof ParleyError && error.code === 'forbidden') readableBy(res, null);
      throw error;
    }
  }

  async function read(req: Request, res: Response): Promise<GraphqlRequest> {
    if (req.method !== 'POST') return queryParameters(req.query);
    // Forms and plain text can be sent from any page without asking first, so nothing but JSON is taken.
    if (!req.is('application/json')) {
      throw new ParleyError('invalid_query', 'unable to read the request; send it as "Content-Type: application/json"');
    }
    await new Promise<void>((resolve, reject) => {
      readText(req, res, (error: unknown) => (error === undefined ? resolve() : reject(bodyFault(error))));
    });
    const request = requestParameters(parseBody(req.body));
    // The body was read, and what reads the request next must not wait for it.
    req.body = { query: '' };
    return request;
  }

  async function answer(req: Request, res: Response): Promise<void> {
    const requestId = requestIdOf(req);
    res.setHeader('x-request-id', requestId);
    readableBy(res, req.get('origin') ?? null);
    try {
      const request = await read(req, res);
      const exchange = {
        requestId,
        request,
        authenticate: () => authenticate(req, res),
        mutations: req.method === 'POST',
      };
      await answerInForm(req, res, { exchange });
    } catch (error) {
      const fault =
        error instanceof ParleyError ? error : new ParleyError('internal', 'unable to answer; an unexpected fault');
      if (!(error instanceof ParleyError)) logger.error({ err: error, requestId }, 'an unexpected fault in a request');
      if (!res.headersSent) sendFault(res, fault, requestId);
    }
  }

  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.options('/graphql', (req, res) => answerPreflight(res, req.get('origin') ?? null));
  app.get('/graphql', answer);
  app.post('/graphql', answer);
  app.all('/graphql', (_req, res) => {
    res.writeHead(405, { allow: 'GET, POST, OPTIONS' }).end();
  });
  app.use((error: unknown, _req: Request, res: Response, _next: NextFunction) => {
    logger.error({ err: error }, 'an unexpected fault in a request');
    if (!res.headersSent) res.writeHead(500).end();
  });
  return app;
}
