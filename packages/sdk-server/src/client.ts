import { type AppSettings, type Channel, invalidInput, type Message, type User } from '@parley/contracts';
import { dataOf } from './answer.ts';
import { attempt } from './attempts.ts';
import { documents, queries } from './documents.ts';
import type {
  ApiKeyInfo,
  CreateChannelInput,
  CreatedKey,
  MemberInput,
  RevokeTokensInput,
  SendMessageInput,
  UpdateAppSettingsInput,
  UpdateChannelInput,
  UserInput,
} from './inputs.ts';
import { refuseBrowser } from './not-in-browser.ts';
import {
  type ApiKey,
  checkKey,
  mintServerToken,
  mintUserToken,
  type ServerTokenOptions,
  type TokenOptions,
} from './tokens.ts';

/** Options of {@link createServerClient}. */
export interface ServerClientOptions extends ApiKey {
  /** `https://…/graphql`; an address without a path is that of the server. */
  readonly url: string;
  /** For one call with all its attempts, in ms. Default: 15,000. */
  readonly timeoutMs?: number;
  /** Default: the global one. */
  readonly fetch?: typeof fetch;
}

/** Options of one call. */
export interface CallOptions {
  /** Acts as this user, with the rights of a server. */
  readonly asUser?: string | undefined;
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Options of one operation. */
export interface ExecuteOptions extends CallOptions {
  /** Whether it may be run twice, so that an unknown outcome is tried again. Default: true for a query, false for a mutation. */
  readonly idempotent?: boolean | undefined;
}

/** Administrates one app. Every call throws {@link ParleyError}; retryable errors are retried up to three times within one deadline. */
export interface ServerClient {
  /** For a user's browser or app. @throws invalid_input */
  mintUserToken(userId: string, options?: TokenOptions): Promise<string>;
  /** For a back end. @throws invalid_input */
  mintServerToken(options?: ServerTokenOptions): Promise<string>;
  /** Runs any operation of the schema; `Data` is what you select. */
  execute<Data>(
    document: string,
    variables?: Readonly<Record<string, unknown>>,
    options?: ExecuteOptions,
  ): Promise<Data>;
  /** Creates or replaces up to 100 users. */
  upsertUsers(users: readonly UserInput[], options?: CallOptions): Promise<readonly User[]>;
  /** Gets the channel if it exists with this content, else creates it. @throws conflict */
  createChannel(input: CreateChannelInput, options?: CallOptions): Promise<Channel>;
  updateChannel(input: UpdateChannelInput, options?: CallOptions): Promise<Channel>;
  deleteChannel(channelId: string, options?: CallOptions): Promise<Channel>;
  /** Up to 100 a call: user ids, or members with a role and custom data. */
  addMembers(channelId: string, members: readonly (string | MemberInput)[], options?: CallOptions): Promise<Channel>;
  /** Up to 100 a call. */
  removeMembers(channelId: string, userIds: readonly string[], options?: CallOptions): Promise<Channel>;
  /** Sends in the name of `userId`; never doubled, also when the network fails halfway. */
  sendMessage(userId: string, input: SendMessageInput, options?: Omit<CallOptions, 'asUser'>): Promise<Message>;
  /**
   * Empties the profiles of up to 100 users, refuses their tokens, closes their sockets, and takes them out of their channels within seconds. Their
   * messages stay, with an author who has no name.
   */
  deleteUsers(userIds: readonly string[], options?: CallOptions): Promise<readonly User[]>;
  /** A further key; the others stay valid. Should the outcome be unknown, look at {@link listKeys} and revoke what is too much. */
  createKey(input?: { readonly label?: string }, options?: CallOptions): Promise<CreatedKey>;
  /** The valid keys, newest first, then those that were revoked. */
  listKeys(options?: CallOptions): Promise<readonly ApiKeyInfo[]>;
  /** Refuses every token of the key, and closes their sockets within a second. @throws invalid_input for the app's only key, not_found */
  revokeKey(keyId: string, options?: CallOptions): Promise<ApiKeyInfo>;
  /** The websites that may use tokens of the app; none: all may. */
  allowedOrigins(options?: CallOptions): Promise<readonly string[]>;
  /** Replaces them, such as `['https://app.example.com']`; sockets of others are closed. @throws invalid_input */
  setAllowedOrigins(origins: readonly string[], options?: CallOptions): Promise<void>;
  /** Sets the rights of the users of the app. Open connections that see something else from now on reconnect within a second. */
  updateAppSettings(input: UpdateAppSettingsInput, options?: CallOptions): Promise<AppSettings>;
  /** Refuses tokens issued until now and closes their sockets within a second. */
  revokeTokens(input?: RevokeTokensInput, options?: CallOptions): Promise<void>;
}

/** Covers one call with its retries, and the clock of this machine being somewhat wrong. */
const callTokenSeconds = 300;
const defaultTimeoutMs = 15_000;

/** Null: it is no http:// or https:// URL. */
function endpointOf(text: string): string | null {
  if (!/^https?:\/\//.test(text) || !URL.canParse(text)) return null;
  const url = new URL(text);
  if (url.pathname === '/') url.pathname = '/graphql';
  return url.href;
}

/** Makes a client for your back end. The secret never leaves it: each call carries a token of five minutes. @throws invalid_input, forbidden in a browser */
export function createServerClient(options: ServerClientOptions): ServerClient {
  refuseBrowser();
  checkKey(options);
  const { timeoutMs: usualTimeoutMs = defaultTimeoutMs, fetch: send = fetch } = options;
  const url = endpointOf(options.url);
  if (url === null)
    throw invalidInput(
      'url',
      'it is the http:// or https:// URL of the API, for example "https://chat.example.com/graphql"',
    );
  const key: ApiKey = { keyId: options.keyId, secret: options.secret };

  const execute = <Data>(
    document: string,
    variables: Readonly<Record<string, unknown>> = {},
    { asUser, timeoutMs = usualTimeoutMs, signal, idempotent = isQuery(document) }: ExecuteOptions = {},
  ): Promise<Data> =>
    attempt(
      async (ended) => {
        const token = await mintServerToken(key, { userId: asUser, expiresInSeconds: callTokenSeconds });
        const response = await send(url, {
          method: 'POST',
          headers: { 'content-type': 'application/json', accept: 'application/json', authorization: `Bearer ${token}` },
          body: JSON.stringify({ query: document, variables }),
          signal: ended,
        });
        // The caller names the type of what it selects; the schema of the API vouches for it.
        return dataOf(response.status, await response.text()) as Data;
      },
      { timeoutMs, idempotent, signal },
    );

  const run = async <Result>(document: string, input: object, call: ExecuteOptions): Promise<Result> => {
    const { result } = await execute<{ readonly result: Result }>(document, { input }, call);
    return result;
  };
  const ask = async <Result>(document: string, call: CallOptions = {}): Promise<Result> =>
    (await execute<{ readonly result: Result }>(document, {}, call)).result;
  const repeatable = { idempotent: true };

  return {
    mintUserToken: (userId, tokenOptions) => mintUserToken(key, userId, tokenOptions),
    mintServerToken: (tokenOptions) => mintServerToken(key, tokenOptions),
    execute,
    upsertUsers: (users, call) => run(documents.upsertUsers, { users }, { ...call, ...repeatable }),
    createChannel: (input, call) => run(documents.createChannel, input, { ...call, ...repeatable }),
    updateChannel: (input, call) => run(documents.updateChannel, input, { ...call, ...repeatable }),
    // Once deleted it is not found: a second attempt could not tell success from a wrong id.
    deleteChannel: (channelId, call) => run(documents.deleteChannel, { channelId }, { ...call }),
    addMembers: (channelId, members, call) =>
      run(documents.addMembers, { channelId, members: members.map(asMember) }, { ...call, ...repeatable }),
    removeMembers: (channelId, userIds, call) =>
      run(documents.removeMembers, { channelId, userIds }, { ...call, ...repeatable }),
    sendMessage: (userId, input, call) =>
      run(
        documents.sendMessage,
        { ...input, id: input.id ?? crypto.randomUUID() },
        { ...call, ...repeatable, asUser: userId },
      ),
    deleteUsers: (userIds, call) => run(documents.deleteUsers, { userIds }, { ...call, ...repeatable }),
    // A second attempt would leave a key that nobody knows the secret of, so it is made once.
    createKey: ({ label } = {}, call) => run(documents.createKey, { label }, { ...call }),
    listKeys: (call) => ask(queries.apiKeys, call),
    revokeKey: (keyId, call) => run(documents.revokeKey, { keyId }, { ...call }),
    allowedOrigins: (call) => ask(queries.allowedOrigins, call),
    async setAllowedOrigins(origins, call) {
      await run(documents.setAllowedOrigins, { origins }, { ...call, ...repeatable });
    },
    updateAppSettings: (input, call) => run(documents.updateAppSettings, input, { ...call, ...repeatable }),
    async revokeTokens({ userId, issuedBefore } = {}, call = {}) {
      const input = { userId, issuedBefore: issuedBefore?.toISOString() };
      await run(documents.revokeTokens, input, { ...call, ...repeatable });
    },
  };
}

const asMember = (member: string | MemberInput): MemberInput =>
  typeof member === 'string' ? { userId: member } : member;

/** The first word that is no comment. */
const isQuery = (document: string): boolean => /^(?:\s|#[^\n]*\n|,)*(?:query\b|\{)/.test(document);
