import { isUtf8 } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { limits, ParleyError } from '@parley/contracts';
import type { GraphqlRequest } from '@parley/contracts/bus';
import { clientAddress, type Logger, parseRequestJson } from '@parley/service-kit';
import type { NextFunction, Request, Response } from 'express';
import express from 'express';
import { acceptedType } from './graphql/accepted-type.ts';
import { answerPreflight, readableBy } from './graphql/cors.ts';
import type { Executor } from './graphql/execute.ts';
import { sendError } from './graphql/http-answer.ts';
import { createHttpHandler } from './graphql/http-handler.ts';
import {
  bodyLimitOf,
  clientGone,
  isPlainRequest,
  readPlainBody,
  tooLarge,
  unreadable,
} from './graphql/plain-request.ts';
import type { Caller } from './graphql/prepare-operation.ts';
import { queryParameters, requestParameters } from './graphql/request-parameters.ts';
import type { Strangers } from './graphql/strangers.ts';
import type { AuthService, Credentials, Session } from './modules/auth/service.ts';
import { createBatcher } from './platform/batcher.ts';

export interface ServerDependencies {
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

const requestIdOf = ({ headers }: IncomingMessage): string => {
  const given = headers['x-request-id'];
  return typeof given === 'string' && wellFormedId.test(given) ? given : randomUUID();
};

/** Null: no token was sent. @throws unauthenticated */
function tokenOf({ headers }: IncomingMessage): string | null {
  const header = headers.authorization;
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
function parseBody(text: string): GraphqlRequest {
  let body: unknown;
  try {
    body = parseRequestJson(text);
  } catch (error) {
    throw error instanceof ParleyError ? error : unreadable();
  }
  return requestParameters(body);
}

const noSuchType = () =>
  new ParleyError(
    'invalid_input',
    'unable to answer in a form that the client accepts; accept application/graphql-response+json or application/json',
    { field: 'accept' },
  );

const noSuchPath = (path: string) => new ParleyError('not_found', `unable to find ${path}; GraphQL is at /graphql`);

const notJson = () =>
  new ParleyError('invalid_query', 'unable to read the request; send it as "Content-Type: application/json"');

/** How long a client may take to read its answer, in ms. */
const readingMs = 30_000;

/** Resolves when the answer was sent or its client is gone; one who does not read is let go. */
function sentOf(res: ServerResponse): Promise<void> {
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
function bodyError(error: unknown, limit: number): ParleyError {
  const type = error instanceof Error && 'type' in error ? error.type : null;
  if (type === 'entity.too.large') return tooLarge(limit);
  return type === 'request.aborted' ? clientGone() : unreadable();
}

/** A reader of JSON bodies, as text. */
const textReader = (limit: number) => express.text({ limit, type: 'application/json', verify: checkUtf8 });

/** Reads what a known caller asks for. */
type ReadRequest = (caller: Caller) => Promise<GraphqlRequest>;

/**
 * The HTTP side of the API: `POST /graphql`, and `GET /graphql` for queries. It never listens; whoever composes it does. A request as clients send it
 * is answered without a detour by the router, which has the odd ones.
 */
export function createServer(dependencies: ServerDependencies): RequestListener {
  const { executor, auth, strangers, trustedProxies, logger } = dependencies;
  const answerInForm = createHttpHandler({ executor });
  const open = createBatcher<Credentials, Session>({
    ask: auth.openMany,
    most: sessionsTogether,
    concurrency: 2,
    mostWaiting: sessionsWaiting,
  });
  const readText = textReader(limits.requestBytes);
  const readStrangersText = textReader(limits.strangerRequestBytes);

  async function authenticate(req: IncomingMessage, res: ServerResponse): Promise<Caller> {
    const address = clientAddress(req, trustedProxies);
    try {
      const token = tokenOf(req);
      if (token === null) return { kind: 'stranger', address };
      if (!(await auth.isGenuine(token))) await strangers.admitUnknownToken(address);
      const credentials = { token, origin: req.headers.origin ?? null };
      return (await open(credentials)).actor;
    } catch (error) {
      if (!(error instanceof ParleyError)) throw error;
      if (error.code === 'forbidden') readableBy(res, null);
      if (error.code === 'unauthenticated') await strangers.countBadToken(address);
      throw error;
    }
  }

  /** Bodies that were compressed or say their character set in another way, and those that are none. */
  async function readOdd(req: Request, res: Response, caller: Caller): Promise<GraphqlRequest> {
    if (req.method !== 'POST') return queryParameters(req.query);
    const readBody = caller.kind === 'stranger' ? readStrangersText : readText;
    await new Promise<void>((resolve, reject) => {
      readBody(req, res, (error: unknown) =>
        error === undefined ? resolve() : reject(bodyError(error, bodyLimitOf(caller))),
      );
    });
    const body: unknown = req.body;
    return parseBody(typeof body === 'string' ? body : '');
  }

  async function answer(req: IncomingMessage, res: ServerResponse, read: ReadRequest | null): Promise<void> {
    const requestId = requestIdOf(req);
    res.setHeader('x-request-id', requestId);
    readableBy(res, req.headers.origin ?? null);
    const type = acceptedType(req);
    if (type === null) return sendError(res, noSuchType(), requestId, { status: 406 });
    try {
      // Forms and plain text can be sent from any page without asking first, so nothing but JSON is taken.
      if (read === null) throw notJson();
      // Who asks is known first: of a request that nobody vouches for, nothing is read.
      const caller = await authenticate(req, res);
      const request = await read(caller);
      await answerInForm(req, res, {
        requestId,
        request,
        authenticate: () => Promise.resolve(caller),
        mutations: req.method === 'POST',
        type,
        sent: () => sentOf(res),
      });
    } catch (error) {
      const fault =
        error instanceof ParleyError ? error : new ParleyError('internal', 'unable to answer; an unexpected fault');
      if (!(error instanceof ParleyError)) logger.error({ err: error, requestId }, 'an unexpected fault in a request');
      if (!res.headersSent) sendError(res, fault, requestId, { type });
    }
  }

  function fail(error: unknown, res: ServerResponse): void {
    logger.error({ err: error }, 'an unexpected fault in a request');
    if (!res.headersSent) res.writeHead(500).end();
  }

  const router = express();
  router.disable('x-powered-by');
  router.disable('etag');
  router.options('/graphql', (req, res) => answerPreflight(req, res));
  router.get('/graphql', (req, res) => answer(req, res, (caller) => readOdd(req, res, caller)));
  router.post('/graphql', (req, res) =>
    answer(req, res, req.is('application/json') ? (caller) => readOdd(req, res, caller) : null),
  );
  router.all('/graphql', (_req, res) => {
    res.writeHead(405, { allow: 'GET, HEAD, POST, OPTIONS' }).end();
  });
  // A page of another origin gets to read that its address is wrong.
  router.use((req, res) => {
    if (req.method === 'OPTIONS') return answerPreflight(req, res);
    readableBy(res, req.headers.origin ?? null);
    sendError(res, noSuchPath(req.path), requestIdOf(req), {});
  });
  router.use((error: unknown, _req: Request, res: Response, _next: NextFunction) => fail(error, res));

  return (req, res) => {
    if (!isPlainRequest(req)) {
      router(req, res);
      return;
    }
    const read: ReadRequest = async (caller) => parseBody(await readPlainBody(req, bodyLimitOf(caller)));
    answer(req, res, read).catch((error: unknown) => fail(error, res));
  };
}
