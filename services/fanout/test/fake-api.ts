import { type InboxEvent, ParleyError, type User } from '@parley/contracts';
import {
  type AccessChange,
  type ChangedUser,
  type GraphqlResult,
  type Principal,
  type RecentInboxes,
  type Rpc,
  type RpcMethod,
  type RpcQuestionMethod,
  type Sight,
  subjects,
  type UserBusMessage,
} from '@parley/contracts/bus';
import { answerEach, type Bus, serveRpc } from '@parley/service-kit';
import { presence } from './events.ts';
import { appId } from './fake-app.ts';
import { FakeChannel } from './fake-channel.ts';

export { appId } from './fake-app.ts';

/** What a token of these tests says; it is read, not verified. */
export interface Claims {
  readonly userId: string | null;
  readonly scope?: 'user' | 'server';
  readonly keyId?: string;
  /** Epoch seconds. */
  readonly issuedAt?: number;
  readonly expiresAt?: number;
  readonly checkedAt?: number;
  readonly sight?: Sight;
}

export const tokenOf = (claims: Claims): string => Buffer.from(JSON.stringify(claims)).toString('base64url');

type Call = {
  readonly [Method in RpcMethod]: { readonly method: Method; readonly request: Rpc[Method]['request'] };
}[RpcMethod];

const nothingRecent = { cursor: 'since then', numbers: [], totals: [], next: null };

/** Answers what a fan-out node asks, from memory, and says what it was asked. */
export class FakeApi {
  readonly calls: Call[] = [];
  readonly online = new Set<string>();
  /** Users whose presence nobody may see. */
  readonly hidden = new Set<string>();
  /** Users who see something else now than when their sessions were opened. */
  readonly outdated = new Set<string>();
  /** Tokens that are refused from now on. */
  readonly revoked = new Set<string>();
  inboxPages: readonly (readonly InboxEvent[])[] = [[]];
  /** What the inboxes should have been sent by now. */
  recent: Partial<RecentInboxes> = {};
  execute: (request: Rpc['graphql.execute']['request']) => Promise<GraphqlResult> = async () => ({
    data: { ok: true },
  });
  /** What `access.recent` knows of. */
  readonly accessChanges: AccessChange[] = [];
  /** What `users.recent` knows of. */
  changedUsers: readonly ChangedUser[] = [];
  /** Users as they are now; the others stay as they stand in events. */
  readonly users = new Map<string, User>();
  /** Members whose profile changed, for those who come back; null: too many. */
  changedMembers: readonly User[] | null = [];
  /** Runs before the method answers: to wait, or to throw. */
  readonly before = new Map<RpcMethod, () => Promise<void> | void>();
  /** Runs when the method has its answer, before that travels. */
  readonly after = new Map<RpcMethod, () => Promise<void> | void>();
  pageSize = 100;
  /** Of all logs. */
  epoch = 'one';
  readonly #bus: Bus;
  readonly #channels = new Map<string, FakeChannel>();
  readonly #now: () => number;
  readonly close: () => Promise<void>;

  constructor(bus: Bus, now: () => number = Date.now) {
    this.#bus = bus;
    this.#now = now;
    const server = serveRpc(bus, {
      'session.open': this.#each('session.open', async ({ token }) => this.#principalOf(token)),
      'session.check': this.#each('session.check', async ({ principal }) => {
        for (const token of this.revoked) if (this.#isOf(token, principal)) this.#principalOf(token);
        return this.outdated.has(principal.userId ?? '') ? { again: true as const } : {};
      }),
      'channel.join': this.#each('channel.join', async ({ principal, channelId, after }) => {
        const { head, floor } = this.#readable(principal, channelId);
        const changedUsers = after === undefined ? {} : { changedUsers: this.changedMembers };
        return { epoch: this.epoch, head, floor, ...changedUsers };
      }),
      'channel.events': this.#each('channel.events', async ({ channelId, after, limit }) => {
        const { head, floor, events } = this.channel(channelId);
        return {
          epoch: this.epoch,
          head,
          floor,
          events: after < floor ? [] : events.slice(after, after + Math.min(limit, this.pageSize)),
        };
      }),
      'channel.heads': this.#recorded('channel.heads', async ({ channels }) => ({
        epoch: this.epoch,
        heads: channels.map(({ channelId }) =>
          this.channel(channelId).isDeleted ? null : this.channel(channelId).head,
        ),
      })),
      'channel.reads': this.#each('channel.reads', async ({ channelId }) => {
        const { head, reads } = this.channel(channelId);
        return { head, reads };
      }),
      'channel.recentReads': this.#recorded('channel.recentReads', async ({ channels, since }) => ({
        since: new Date(this.#now()).toISOString(),
        reads:
          since === null
            ? []
            : channels.flatMap(({ channelId }) => this.channel(channelId).reads.map((read) => ({ appId, ...read }))),
      })),
      'channel.authorize': this.#each('channel.authorize', async ({ principal, channelId }) => {
        this.#readable(principal, channelId);
        return {};
      }),
      'inbox.open': this.#each('inbox.open', async ({ page }) => {
        const index = Number(page ?? 0);
        return {
          events: this.inboxPages[index] ?? [],
          next: index + 1 < this.inboxPages.length ? String(index + 1) : null,
        };
      }),
      'inbox.recent': this.#recorded('inbox.recent', async ({ since }) => ({
        ...nothingRecent,
        epoch: this.epoch,
        at: new Date(this.#now()).toISOString(),
        since: new Date(this.#now()).toISOString(),
        ...(since === null ? {} : this.recent),
      })),
      'users.read': this.#each('users.read', async ({ userIds }) => ({
        users: userIds.flatMap((userId) => this.users.get(userId) ?? []),
      })),
      'users.recent': this.#recorded('users.recent', async () => ({
        since: new Date(this.#now()).toISOString(),
        changed: this.changedUsers,
        next: null,
      })),
      'access.recent': this.#recorded('access.recent', async ({ since }) => ({
        since: new Date(this.#now()).toISOString(),
        changes: since === null ? this.accessChanges : this.accessChanges.filter(({ at }) => at > since),
      })),
      'presence.read': this.#each('presence.read', async ({ userIds }) => ({
        events: userIds.map((userId) => presence(userId, !this.hidden.has(userId) && this.online.has(userId))),
        hidden: userIds.filter((userId) => this.hidden.has(userId)),
      })),
      'presence.renew': this.#recorded('presence.renew', async ({ users }) => {
        for (const { userId } of users) this.online.add(userId);
        return {};
      }),
      'presence.release': this.#recorded('presence.release', async ({ users }) => {
        for (const { userId } of users) this.online.delete(userId);
        return {};
      }),
      'graphql.execute': this.#recorded('graphql.execute', (request) => this.execute(request)),
    });
    this.close = () => server.close();
  }

  channel(id: string): FakeChannel {
    const channel = this.#channels.get(id) ?? new FakeChannel(this.#bus, id, () => this.epoch);
    this.#channels.set(id, channel);
    return channel;
  }

  count(method: RpcMethod): number {
    return this.calls.filter((call) => call.method === method).length;
  }

  notifyUser(userId: string, message: UserBusMessage): void {
    void this.#bus.publish(subjects.user(appId, userId), JSON.stringify(message));
  }

  /** The profile of a user changed, who is shown in these channels and to these users. `notice`: whether the bus says that something changed. */
  changeUser(
    user: User,
    { channelIds = [], viewerIds = [], notice = true }: Partial<ChangedUser> & { readonly notice?: boolean } = {},
  ): void {
    this.users.set(user.id, user);
    this.changedUsers = [...this.changedUsers, { appId, user, channelIds, viewerIds }];
    if (notice) void this.#bus.publish(subjects.app(appId), JSON.stringify({ kind: 'users' }));
  }

  notifyPresence(userId: string, online: boolean): void {
    void this.#bus.publish(subjects.presence(appId, userId), JSON.stringify({ event: presence(userId, online) }));
  }

  /** A message with many questions is recorded as so many calls. */
  #each<Method extends RpcQuestionMethod>(
    method: Method,
    answer: (request: Rpc[Method]['request']) => Promise<Rpc[Method]['reply']>,
  ) {
    return answerEach(this.#recorded(method, answer));
  }

  #recorded<Method extends RpcMethod>(
    method: Method,
    answer: (request: Rpc[Method]['request']) => Promise<Rpc[Method]['reply']>,
  ) {
    return async (request: Rpc[Method]['request']): Promise<Rpc[Method]['reply']> => {
      // The pair belongs together, which a generic cannot show.
      this.calls.push({ method, request } as Call);
      await this.before.get(method)?.();
      const reply = await answer(request);
      await this.after.get(method)?.();
      return reply;
    };
  }

  #isOf(token: string, { userId, issuedAt }: Principal): boolean {
    const claims = JSON.parse(Buffer.from(token, 'base64url').toString()) as Claims;
    return claims.userId === userId && (claims.issuedAt ?? issuedAt) === issuedAt;
  }

  #principalOf(token: string): Principal {
    if (this.revoked.has(token))
      throw new ParleyError('unauthenticated', 'unable to authenticate; the token was revoked');
    const nowSeconds = Math.floor(this.#now() / 1_000);
    try {
      const claims = JSON.parse(Buffer.from(token, 'base64url').toString()) as Claims;
      const { userId, scope = 'user', keyId = 'key_1', issuedAt = nowSeconds, expiresAt = nowSeconds + 3_600 } = claims;
      const { checkedAt, sight } = claims;
      const principal = { appId, keyId, scope, userId, issuedAt, expiresAt, ...(sight === undefined ? {} : { sight }) };
      return checkedAt === undefined ? principal : { ...principal, checkedAt };
    } catch {
      throw new ParleyError('unauthenticated', 'unable to authenticate; the token is malformed');
    }
  }

  #readable(principal: Principal, channelId: string): FakeChannel {
    const channel = this.channel(channelId);
    if (channel.isDeleted) throw new ParleyError('not_found', `unable to watch ${channelId}; there is no such channel`);
    if (channel.readers !== null && !channel.readers.has(principal.userId ?? ''))
      throw new ParleyError('forbidden', `unable to watch ${channelId}; read-channel is missing`, {
        permission: 'read-channel',
      });
    return channel;
  }
}
