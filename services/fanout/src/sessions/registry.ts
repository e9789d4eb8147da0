import { closeCodes, ParleyError } from '@parley/contracts';
import {
  type AccessChange,
  type AppBusMessage,
  type Principal,
  reservedChannel,
  type UserBusMessage,
} from '@parley/contracts/bus';
import type { Clock, Logger, TimerHandle } from '@parley/service-kit';
import type { AskApi } from '../api-client.ts';
import type { BusFeeds, Listening } from '../interest/bus-feeds.ts';
import type { Topics } from '../interest/topics.ts';
import type { Leases } from '../presence/leases.ts';
import { userKeyOf } from '../quota/user-quotas.ts';
import { AccessReconciliation } from './access-reconciliation.ts';
import { ExpiryCalendar } from './expiry-calendar.ts';
import type { Session } from './session.ts';
import { TimerWheel } from './timer-wheel.ts';

export interface RegistryDeps {
  readonly ask: AskApi;
  readonly clock: Clock;
  readonly feeds: BusFeeds;
  readonly leases: Leases;
  readonly logger: Pick<Logger, 'warn'>;
  readonly socketsPerUser: number;
  readonly topics: Topics;
  /** Profiles of users of the app changed. */
  readonly usersChanged: (appId: string) => void;
}

/** A peer that let a whole turn pass without a sign of life is gone. */
const beat = { turnMs: 25_000, slots: 25 };

/** A check that nobody could answer is repeated after this time. */
const recheckMs = 1_000;

interface Group {
  readonly sessions: Set<Session>;
  readonly listening: Listening | undefined;
  /** Of the last change of access that was seen to. */
  accessAt: string;
}

/** The sessions of this node, and everything that can end one from outside: expiry, revocation, too many of one user, silence. */
export class SessionRegistry {
  readonly #deps: RegistryDeps;
  readonly #sessions = new Map<Session, () => void>();
  readonly #users = new Map<string, Group>();
  readonly #apps = new Map<string, Group>();
  readonly #expiry: ExpiryCalendar<Session>;
  readonly #beats: TimerWheel<Session>;
  readonly #access: AccessReconciliation;
  readonly #rechecks = new Map<Session, TimerHandle>();
  readonly #unsubscribeReturn: () => void;

  constructor(deps: RegistryDeps) {
    this.#deps = deps;
    this.#expiry = new ExpiryCalendar(deps.clock, (session) =>
      refuse(session, 'the token expired; get a new one and reconnect'),
    );
    this.#beats = new TimerWheel(deps.clock, beat, (session) => session.beat());
    const { ask, clock, logger } = deps;
    const apps = () => [...this.#apps.keys()].filter((appId) => appId !== reservedChannel.appId);
    this.#access = new AccessReconciliation({
      ask,
      clock,
      logger,
      apps,
      changed: (change) => this.#accessChanged(change),
    });
    this.#unsubscribeReturn = deps.feeds.onReturn(() => {
      void this.#checkAll();
      this.#access.retryNow();
    });
  }

  get size(): number {
    return this.#sessions.size;
  }

  all(): readonly Session[] {
    return [...this.#sessions.keys()];
  }

  /**
   * Takes a session in; resolves when a revocation from then on would end it. @throws rate_limited when its user has too many, unavailable
   */
  async add(session: Session): Promise<void> {
    const { principal } = session;
    const userKey = userKeyOf(principal);
    const limit = this.#deps.socketsPerUser;
    if ((this.#users.get(userKey)?.sessions.size ?? 0) >= limit)
      throw new ParleyError(
        'rate_limited',
        `unable to connect; ${limit} connections of this user are open, close one first`,
        { limit },
      );
    const user = join(this.#users, userKey, session, () => this.#listenToUser(principal));
    const app = join(this.#apps, principal.appId, session, () =>
      this.#deps.feeds.app(principal.appId, (message) => this.#onAppMessage(principal.appId, message)),
    );
    const releaseLease =
      principal.scope === 'user' && principal.userId !== null
        ? this.#deps.leases.hold(principal.appId, principal.userId)
        : undefined;
    const stopBeat = this.#beats.add(session);
    this.#expireLater(session);
    this.#sessions.set(session, () => {
      leave(this.#users, userKey, session);
      leave(this.#apps, principal.appId, session);
      releaseLease?.();
      stopBeat();
      this.#expiry.delete(session);
      this.#forgetRecheck(session);
    });
    await Promise.all([user.listening?.ready, app.listening?.ready]);
    // Listeners of other sessions did not know this one: it may have missed a revocation since the first look at the token.
    void this.#check(session);
  }

  /** Harmless when repeated. */
  remove(session: Session): void {
    const release = this.#sessions.get(session);
    this.#sessions.delete(session);
    release?.();
  }

  /** Call after a session got a new token. */
  renewed(session: Session): void {
    if (this.#sessions.has(session)) this.#expireLater(session);
  }

  close(): void {
    this.#unsubscribeReturn();
    this.#access.close();
    for (const session of this.all()) this.remove(session);
    this.#expiry.close();
    this.#beats.close();
  }

  /** By how long the token is still good, since the clock of this node may be wrong. */
  #expireLater(session: Session): void {
    const { expiresAt, checkedAt } = session.principal;
    const now = this.#deps.clock.now() / 1_000;
    this.#expiry.set(session, checkedAt === undefined ? expiresAt : now + expiresAt - checkedAt);
  }

  #listenToUser({ appId, userId }: Principal): Listening | undefined {
    if (userId === null) return undefined;
    return this.#deps.feeds.user(appId, userId, (message) => this.#onUserMessage(appId, userId, message));
  }

  #onUserMessage(appId: string, userId: string, message: UserBusMessage): void {
    if (message.kind === 'revoked') {
      const sessions = this.#users.get(`${appId} ${userId}`)?.sessions ?? [];
      for (const session of [...sessions]) revokeIfOlder(session, message.issuedBefore);
      return;
    }
    if (message.kind === 'access') {
      this.#accessChanged({ appId, userId, at: message.at });
      return;
    }
    if (message.kind !== 'inbox') return;
    // The second of two ways in which a removal is heard; the first is the channel's own log.
    for (const event of message.events)
      if (event.__typename === 'ChannelLeft')
        this.#deps.topics.find(appId, event.channelId)?.subscribers.reauthorise(userId);
  }

  #onAppMessage(appId: string, message: AppBusMessage): void {
    if (message.kind === 'access') {
      this.#accessChanged({ appId, userId: null, at: message.at });
      return;
    }
    if (message.kind === 'users') {
      this.#deps.usersChanged(appId);
      return;
    }
    const { keyId, issuedBefore } = message;
    for (const session of [...(this.#apps.get(appId)?.sessions ?? [])])
      if (keyId === null || keyId === session.principal.keyId) revokeIfOlder(session, issuedBefore);
  }

  /** The rights of a user, or of everybody of an app, have changed. Several notices of one change carry the same time of the database. */
  #accessChanged({ appId, userId, at }: AccessChange): void {
    const group = userId === null ? this.#apps.get(appId) : this.#users.get(`${appId} ${userId}`);
    if (group === undefined || at <= group.accessAt) return;
    group.accessAt = at;
    for (const session of [...group.sessions]) {
      void this.#check(session);
      session.reauthorise();
    }
  }

  /** After the bus was away: a revocation may have been missed. */
  async #checkAll(): Promise<void> {
    // They travel together, so asking for all is a few messages.
    await Promise.all(this.all().map((session) => this.#check(session)));
  }

  async #check(session: Session): Promise<void> {
    this.#forgetRecheck(session);
    if (!this.#sessions.has(session)) return;
    try {
      const { again } = await this.#deps.ask('session.check', { principal: session.principal, origin: session.origin });
      if (again) session.end({ code: closeCodes.goingAway, error: seesOtherwise() });
    } catch (error) {
      if (error instanceof ParleyError && (error.code === 'unauthenticated' || error.code === 'forbidden'))
        session.end({ code: closeCodes.forbidden, error });
      else {
        this.#deps.logger.warn(
          { err: error, sessionId: session.id },
          'unable to check a token again; it will be tried again',
        );
        if (!this.#sessions.has(session) || this.#rechecks.has(session)) return;
        this.#rechecks.set(
          session,
          this.#deps.clock.setTimeout(() => void this.#check(session), recheckMs),
        );
      }
    }
  }

  #forgetRecheck(session: Session): void {
    this.#deps.clock.clearTimeout(this.#rechecks.get(session));
    this.#rechecks.delete(session);
  }
}

/** A token was made before the API saw it, whatever its maker's clock says: that may be ahead. */
function revokeIfOlder(session: Session, issuedBefore: string): void {
  const { issuedAt, checkedAt = issuedAt } = session.principal;
  if (Math.min(issuedAt, checkedAt) * 1_000 <= Date.parse(issuedBefore))
    refuse(session, 'the token was revoked; get a new one and reconnect');
}

const seesOtherwise = () =>
  new ParleyError('unavailable', 'unable to go on; what you may see has changed: reconnect and resume');

function refuse(session: Session, why: string): void {
  session.end({ code: closeCodes.forbidden, error: new ParleyError('unauthenticated', `unable to go on; ${why}`) });
}

function join(groups: Map<string, Group>, key: string, session: Session, listen: () => Listening | undefined): Group {
  const group = groups.get(key) ?? { sessions: new Set(), listening: listen(), accessAt: '' };
  groups.set(key, group);
  group.sessions.add(session);
  return group;
}

function leave(groups: Map<string, Group>, key: string, session: Session): void {
  const group = groups.get(key);
  if (group === undefined || !group.sessions.delete(session) || group.sessions.size > 0) return;
  groups.delete(key);
  group.listening?.stop();
}
