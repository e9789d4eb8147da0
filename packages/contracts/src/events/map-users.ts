import type { LoggedEvent } from './channel-events.ts';
import type { Channel, Member, Message, Reaction, User } from './objects.ts';

/** Gives what stands in the place of a user; the same object when nothing changes. */
export type MapUser = (user: User) => User;

/**
 * The event with other users in it, wherever they stand: the actor, authors, who is mentioned or quoted, members. The same object when all of them are the
 * same.
 */
export function mapUsersOfEvent<Event extends LoggedEvent>(event: Event, map: MapUser): Event {
  return replaced<Event | LoggedEvent>(event, {
    actor: orNull(event.actor, map),
    ...('message' in event && { message: mapUsersOfMessage(event.message, map) }),
    ...('reaction' in event && { reaction: mapUserOfReaction(event.reaction, map) }),
    ...('members' in event && { members: mapEach(event.members, (member) => mapUserOfMember(member, map)) }),
    ...('channel' in event && { channel: mapUserOfChannel(event.channel, map) }),
  }) as Event;
}

/** As {@link mapUsersOfEvent}. */
export function mapUsersOfMessage<Whole extends Message>(message: Whole, map: MapUser): Whole {
  const { user, mentionedUsers, quoted, ownReactions } = message;
  return replaced<Whole | Message>(message, {
    user: orNull(user, map),
    mentionedUsers: mapEach(mentionedUsers, map),
    quoted: quoted === null ? null : mapUsersOfMessage(quoted, map),
    ownReactions: ownReactions === null ? null : mapEach(ownReactions, (reaction) => mapUserOfReaction(reaction, map)),
  }) as Whole;
}

/** As {@link mapUsersOfEvent}. */
export const mapUserOfMember = (member: Member, map: MapUser): Member => replaced(member, { user: map(member.user) });

/** As {@link mapUsersOfEvent}. */
export const mapUserOfChannel = (channel: Channel, map: MapUser): Channel =>
  replaced(channel, { createdBy: orNull(channel.createdBy, map) });

const mapUserOfReaction = (reaction: Reaction, map: MapUser): Reaction =>
  replaced(reaction, { user: map(reaction.user) });

const orNull = (user: User | null, map: MapUser): User | null => (user === null ? null : map(user));

/** The items after a change of some of them; the same array when none of them is another one now. */
export function mapEach<Item>(items: readonly Item[], map: (item: Item) => Item): readonly Item[] {
  const mapped = items.map(map);
  return mapped.every((item, index) => item === items[index]) ? items : mapped;
}

function replaced<Whole extends object>(whole: Whole, parts: Partial<Whole>): Whole {
  const changed = { ...whole, ...parts };
  const before = Object.values(whole);
  // Parts replace fields in their places.
  return Object.values(changed).every((value, index) => value === before[index]) ? whole : changed;
}
