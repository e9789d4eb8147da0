import { isUtf8 } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import { limits, ParleyError } from '@parley/contracts';
import type { GraphqlRequest } from '@parley/contracts/bus';
import { clientAddress, type Logger, parseRequestJson } from '@parley/service-kit';
import type { Express, NextFunction, Request, Response } from 'express';
import express from 'express';
import type { GraphQLSchema } from 'graphql';
import { answerPreflight, readableBy } from './graphql/cors.ts';
import type { Executor } from './graphql/execute.ts';
import { sendFault } from './graphql/http-answer.ts';
import { createHttpHandler, type Exchange } from './graphql/http-handler.ts';
import type { Caller } from './graphql/prepare-operation.ts';
import { queryParameters, requestParameters } from './graphql/request-parameters.ts';
import type { Strangers } from './graphql/strangers.ts';
import type { AuthService, Credentials, Session } from './modules/auth/service.ts';
import { createGatherer } from './platform/gatherer.ts';

export interface ServerDependencies {
  readonly schema: GraphQLSchema;
  readonly executor: Executor;
  readonly auth: Pick<AuthService, 'openMany' | 'isGenuine'>;
  readonly strangers: Pick<Strangers, 'admitUnknownToken' | 'countBadToken'>;
  /** Proxies in front of this node, each of which adds to X-Forwarded-For. */
  readonly trustedProxies: number;
  readonly logger: Logger;
}

/** Callers who are looked up by one statement. */
const sessionsTogether = 200;
/** Callers who wait to be looked up; more are refused. */
const sessionsWaiting = 5_000;

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
    throw error instanceof ParleyError ? error : bodyFault(error, limits.requestBytes);
  }
}

/** How long a client may take to read its answer, in ms. */
const readingMs = 30_000;

/** Resolves when the answer was sent or its client is gone; one who does not read is let go. */
function sentOf(res: Response): Promise<void> {
  return new Promise((resolve) => {
    if (res.closed) return resolve();
    const timer = setTimeout(() => res.destroy(), readingMs);
    res.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

/** What the reading of a body went wrong with, as one of our codes. */
function bodyFault(error: unknown, limit: number): ParleyError {
  const type = error instanceof Error && 'type' in error ? error.type : null;
  if (type === 'entity.too.large') {
    return new ParleyError('payload_too_large', `unable to read the request; it is over ${limit} bytes`, { limit });
  }
  if (type === 'request.aborted')
    return new ParleyError('disconnected', 'unable to read the request; the client went away');
  return new ParleyError(
    'invalid_query',
    'unable to read the request; the body is not a JSON object, encoded as UTF-8',
  );
}

/** A reader of JSON bodies, as text. */
const textReader = (limit: number) => express.text({ limit, type: 'application/json', verify: checkUtf8 });

/** The HTTP side of the API: `POST /graphql`, and `GET /graphql` for queries. It never listens; whoever composes it does. */
export function createServer(dependencies: ServerDependencies): Express {
  const { schema, executor, auth, strangers, trustedProxies, logger } = dependencies;
  const answerInForm = createHttpHandler({ schema, executor, logger });
  const open = createGatherer<Credentials, Session>({
    ask: auth.openMany,
    most: sessionsTogether,
    concurrency: 2,
    mostWaiting: sessionsWaiting,
  });
  const readText = textReader(limits.requestBytes);
  const readStrangersText = textReader(limits.strangerRequestBytes);

  async function authenticate(req: Request, res: Response): Promise<Caller> {
    const address = clientAddress(req, trustedProxies);
    try {
      const token = tokenOf(req);
      if (token === null) return { kind: 'stranger', address };
      if (!(await auth.isGenuine(token))) await strangers.admitUnknownToken(address);
      const credentials = { token, origin: req.get('origin') ?? null };
      return (await open(credentials)).actor;
    } catch (error) {
      if (!(error instanceof ParleyError)) throw error;
      if (error.code === 'forbidden') readableBy(res, null);
      if (error.code === 'unauthenticated') await strangers.countBadToken(address);
      throw error;
    }
  }

  async function read(req: Request, res: Response, caller: Caller): Promise<GraphqlRequest> {
    if (req.method !== 'POST') return queryParameters(req.query);
    const [readBody, limit] =
      caller.kind === 'stranger' ? [readStrangersText, limits.strangerRequestBytes] : [readText, limits.requestBytes];
    await new Promise<void>((resolve, reject) => {
      readBody(req, res, (error: unknown) => (error === undefined ? resolve() : reject(bodyFault(error, limit))));
    });
    return requestParameters(parseBody(req.body));
  }

  /** Who asks is known first: of a request that nobody vouches for, nothing is read. */
  async function exchangeOf(req: Request, res: Response, requestId: string): Promise<Exchange> {
    const mutations = req.method === 'POST';
    // Forms and plain text can be sent from any page without asking first, so nothing but JSON is taken.
    if (mutations && !req.is('application/json')) {
      throw new ParleyError('invalid_query', 'unable to read the request; send it as "Content-Type: application/json"');
    }
    const caller = await authenticate(req, res);
    const request = await read(req, res, caller);
    return { requestId, request, authenticate: () => Promise.resolve(caller), mutations, sent: () => sentOf(res) };
  }

  async function answer(req: Request, res: Response): Promise<void> {
    const requestId = requestIdOf(req);
    res.setHeader('x-request-id', requestId);
    readableBy(res, req.get('origin') ?? null);
    try {
      const exchange = await exchangeOf(req, res, requestId);
      // What reads the request next must not wait for a body: it was read, or will not be.
      req.body = { query: '' };
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
