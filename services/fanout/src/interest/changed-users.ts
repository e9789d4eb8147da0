import { type LoggedEvent, mapUsersOfEvent, type User, type UserUpdated } from '@parley/contracts';

const mostKept = 500;

/** Users of one channel whose profile changed lately. */
export class ChangedUsers {
  readonly #channelId: string;
  readonly #events = new Map<string, UserUpdated>();

  constructor(channelId: string) {
    this.#channelId = channelId;
  }

  /** The event that says how the user is now: one object for all, so that it is rendered once. */
  eventOf(user: User): UserUpdated {
    const known = this.#events.get(user.id);
    if (known !== undefined && known.user.updatedAt >= user.updatedAt) return known;
    const event: UserUpdated = {
      __typename: 'UserUpdated',
      channelId: this.#channelId,
      at: user.updatedAt,
      user,
    };
    this.#events.delete(user.id);
    this.#events.set(user.id, event);
    for (const oldest of this.#events.keys()) {
      if (this.#events.size <= mostKept) break;
      this.#events.delete(oldest);
    }
    return event;
  }

  /** The event without a user of before a change that is known: its writer may have read the user just before. */
  apply(event: LoggedEvent): LoggedEvent {
    if (this.#events.size === 0) return event;
    return mapUsersOfEvent(event, (user) => {
      const known = this.#events.get(user.id)?.user;
      return known !== undefined && known.updatedAt > user.updatedAt ? known : user;
    });
  }
}
