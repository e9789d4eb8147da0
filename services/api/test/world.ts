import { randomUUID } from 'node:crypto';
import type { JsonObject } from '@parley/contracts';
import type { GraphqlResult, Rpc, RpcMethod } from '@parley/contracts/bus';
import { type Bus, callRpc, createMemoryBus, silentLogger } from '@parley/service-kit';
import { type Api, type ApiOptions, createApi } from '../src/api.ts';
import type { Db } from '../src/platform/db.ts';
import { migratedDatabase } from './ground.ts';
import { type HttpServer, listen } from './http-server.ts';
import { createStatementCounter } from './statements.ts';
import { mintToken, type SigningKey, type TokenOptions } from './tokens.ts';

/** What a test changes of the node. `databaseUrl`: a database that the test made and drops. */
export type WorldOptions = Partial<ApiOptions>;

/** Who runs an operation: a user's id, a token, `server`, or nobody (null). */
export type Caller = { readonly user: string } | { readonly token: string } | 'server' | null;

export interface ExecuteOptions {
  /** Default: the server token. */
  readonly as?: Caller;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A tenant of one test's own. */
export interface WorldApp extends SigningKey {
  readonly appId: string;
  token(userId: string, options?: TokenOptions): Promise<string>;
  /** With `userId`: acts as that user, with the rights of the server. */
  serverToken(userId?: string | null, options?: TokenOptions): Promise<string>;
  /** Runs an operation over HTTP. */
  execute(document: string, variables?: JsonObject, options?: ExecuteOptions): Promise<GraphqlResult>;
  /** As `execute`; the data, or an error that says what came back instead. */
  data<Data>(document: string, variables?: JsonObject, options?: ExecuteOptions): Promise<Data>;
  /** Makes the users, with these names as ids. */
  users<Ids extends readonly string[]>(...ids: Ids): Promise<Ids>;
}

/** An API node on a database of the test file's own, with a bus in memory. */
export interface World {
  readonly api: Api;
  readonly bus: Bus;
  readonly db: Db;
  readonly databaseUrl: string;
  /** The base of the node's HTTP address. */
  readonly url: string;
  app(): Promise<WorldApp>;
  /** Asks the node over the bus, as fan-out does. */
  call<Method extends RpcMethod>(method: Method, request: Rpc[Method]['request']): Promise<Rpc[Method]['reply']>;
  /** Counts the SQL statements that `work` makes the node run, and gives what it resolved with. */
  statements<T>(work: () => Promise<T>): Promise<{ readonly value: T; readonly statements: readonly string[] }>;
  close(): Promise<void>;
}

/** Starts a world: once in a test file; a test takes an app of its own from it. */
export async function createWorld(options: WorldOptions = {}): Promise<World> {
  const database = options.databaseUrl === undefined ? await migratedDatabase() : null;
  const databaseUrl = options.databaseUrl ?? database?.url ?? '';
  const bus = options.bus ?? createMemoryBus();
  const api = await createApi({ logger: silentLogger(), testMode: true, poolSize: 8, ...options, databaseUrl, bus });
  await api.ready;
  const counter = createStatementCounter(api.db);
  const server: HttpServer = await listen((request, response) => counter.asPart(() => api.handler(request, response)));
  return {
    api,
    bus,
    db: api.db,
    databaseUrl,
    url: server.url,
    app: () => createApp(api, server.url),
    call: (method, request) => callRpc(bus, method, request, { timeoutMs: 10_000 }),
    statements: counter.during,
    async close() {
      await server.close();
      await api.close();
      await bus.close();
      await database?.drop();
    },
  };
}

async function createApp(api: Api, url: string): Promise<WorldApp> {
  const { key } = await api.apps.create({ name: `Test ${randomUUID()}` });
  const token: WorldApp['token'] = (userId, options) => mintToken(key, userId, options);
  const serverToken: WorldApp['serverToken'] = (userId = null, options = {}) =>
    mintToken(key, userId, { scope: 'server', ...options });

  const bearerOf = async (caller: Caller): Promise<string | null> => {
    if (caller === null) return null;
    if (caller === 'server') return await serverToken();
    return 'user' in caller ? await token(caller.user) : caller.token;
  };

  const execute: WorldApp['execute'] = async (document, variables = {}, { as = 'server', headers = {} } = {}) => {
    const bearer = await bearerOf(as);
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(bearer === null ? {} : { authorization: `Bearer ${bearer}` }),
        ...headers,
      },
      body: JSON.stringify({ query: document, variables }),
    });
    // What the node answers to GraphQL over HTTP has this shape.
    return (await response.json()) as GraphqlResult;
  };

  const data = async <Data>(document: string, variables?: JsonObject, options?: ExecuteOptions): Promise<Data> => {
    const result = await execute(document, variables, options);
    if (result.errors !== undefined) throw new Error(`unexpected errors: ${JSON.stringify(result.errors)}`);
    // The caller wrote the document and says what it selects.
    return result.data as Data;
  };

  return {
    ...key,
    token,
    serverToken,
    execute,
    data,
    async users(...ids) {
      await data('mutation ($input: UpsertUsersInput!) { upsertUsers(input: $input) { id } }', {
        input: { users: ids.map((id) => ({ id, name: id })) },
      });
      return ids;
    },
  };
}
