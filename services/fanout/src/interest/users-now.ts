import { type LoggedEvent, limits, mapUsersOfEvent, type User } from '@parley/contracts';
import type { Clock, TimerHandle } from '@parley/service-kit';
import type { AskApi } from '../api-client.ts';

export interface UsersNowDeps {
  readonly ask: AskApi;
  readonly clock: Clock;
}

/** For so long an answer is passed on: everybody who resumes after the death of a node replays events of the same few people. */
const keepMs = 1_000;
const mostKept = 5_000;

interface Shown {
  readonly versions: string;
  readonly event: LoggedEvent;
}

/**
 * Users as they are now, for replays: an event of an hour ago would bring back a name that was changed since, and would show as online who is gone. Whoever
 * replays holds a map of those whom it has asked for; `show` puts them into events.
 */
export class UsersNow {
  readonly #deps: UsersNowDeps;
  readonly #kept = new Map<string, Promise<User | undefined>>();
  readonly #shown = new WeakMap<LoggedEvent, Shown>();
  /** An event is replayed to thousands: it is looked through once. */
  readonly #users = new WeakMap<LoggedEvent, readonly User[]>();
  #timer: TimerHandle | undefined;

  constructor(deps: UsersNowDeps) {
    this.#deps = deps;
  }

  /** Asks for the users in these events that the map lacks. An unknown user is noted as undefined. @throws unavailable, timeout */
  async load(appId: string, events: readonly LoggedEvent[], users: Map<string, User | undefined>): Promise<void> {
    const missing = this.missing(events, users);
    const unknown = missing.filter((userId) => !this.#kept.has(`${appId} ${userId}`));
    const asked = new Map<string, Promise<User | undefined>>();
    for (let start = 0; start < unknown.length; start += limits.usersOfEvents)
      for (const [userId, user] of this.#ask(appId, unknown.slice(start, start + limits.usersOfEvents)))
        asked.set(userId, user);
    // All are looked up before the first is waited for: what is kept may be forgotten meanwhile.
    const answers = missing.map((userId) => ({
      userId,
      user: asked.get(userId) ?? this.#kept.get(`${appId} ${userId}`),
    }));
    for (const { userId, user } of answers) users.set(userId, await user);
  }

  /** Ids of the users in these events that the map lacks. */
  missing(events: readonly LoggedEvent[], users: ReadonlyMap<string, User | undefined>): readonly string[] {
    const ids = new Set<string>();
    for (const event of events) for (const { id } of this.#usersOf(event)) if (!users.has(id)) ids.add(id);
    return [...ids];
  }

  /** The event with these users in it: one object for all who show it with the same, since the renderer remembers results by object. */
  show(event: LoggedEvent, users: ReadonlyMap<string, User | undefined>): LoggedEvent {
    let versions = '';
    let isSame = true;
    for (const user of this.#usersOf(event)) {
      const version = versionOf(users.get(user.id) ?? user);
      isSame &&= version === versionOf(user);
      versions += `${version} `;
    }
    if (isSame) return event;
    const known = this.#shown.get(event);
    if (known?.versions === versions) return known.event;
    const shown = mapUsersOfEvent(event, (user) => users.get(user.id) ?? user);
    this.#shown.set(event, { versions, event: shown });
    return shown;
  }

  close(): void {
    this.#deps.clock.clearTimeout(this.#timer);
    this.#kept.clear();
  }

  #usersOf(event: LoggedEvent): readonly User[] {
    const known = this.#users.get(event);
    if (known !== undefined) return known;
    const users: User[] = [];
    mapUsersOfEvent(event, (user) => {
      users.push(user);
      return user;
    });
    this.#users.set(event, users);
    return users;
  }

  #ask(appId: string, userIds: readonly string[]): readonly (readonly [string, Promise<User | undefined>])[] {
    const answer = this.#deps.ask('users.read', { appId, userIds });
    const found = answer.then(({ users }) => new Map(users.map((user) => [user.id, user])));
    const all = userIds.map((userId) => [userId, found.then((users) => users.get(userId))] as const);
    for (const [userId, user] of all) {
      // Whoever waits for one of them hears of a failure. It is passed on to nobody else.
      user.catch(() => this.#kept.delete(`${appId} ${userId}`));
      if (this.#kept.size < mostKept) this.#kept.set(`${appId} ${userId}`, user);
    }
    this.#timer ??= this.#deps.clock.setTimeout(() => {
      this.#timer = undefined;
      this.#kept.clear();
    }, keepMs);
    return all;
  }
}

const versionOf = ({ updatedAt, online, lastActiveAt }: User): string => `${updatedAt} ${online} ${lastActiveAt}`;
