import type { Message, Reaction, ReactionGroup } from '@parley/contracts';
import type { LoggedEvent } from '../channels/channel-event.ts';

const ownOf = (message: Message): readonly Reaction[] => message.ownReactions ?? [];

/** The viewer's reactions after an event: events do not carry them, but say whose reaction came or went. */
export function ownReactionsAfter(
  known: readonly Reaction[],
  event: LoggedEvent,
  userId: string | null,
): readonly Reaction[] {
  if (event.__typename !== 'ReactionAdded' && event.__typename !== 'ReactionRemoved') return known;
  if (userId === null || event.reaction.user.id !== userId) return known;
  const others = known.filter(({ type }) => type !== event.reaction.type);
  if (event.__typename === 'ReactionRemoved') return others;
  // An exclusive reaction also took the viewer's others away; a group that is gone shows it.
  const remaining = new Set(event.message.reactionGroups.map(({ type }) => type));
  return [...others.filter(({ type }) => remaining.has(type)), event.reaction];
}

/** The message as it will be once the server has the viewer's reaction. */
export function withReaction<Kind extends Message>(message: Kind, reaction: Reaction, exclusive: boolean): Kind {
  const same = ownOf(message).find(({ type }) => type === reaction.type);
  const replaced = exclusive ? ownOf(message) : same === undefined ? [] : [same];
  const bare = replaced.reduce((rest, own) => withoutReaction(rest, own.type), message);
  return {
    ...bare,
    ownReactions: [...ownOf(bare), reaction],
    reactionGroups: raised(bare.reactionGroups, reaction),
  };
}

/** The message as it will be once the viewer's reaction is gone. */
export function withoutReaction<Kind extends Message>(message: Kind, type: string): Kind {
  const own = ownOf(message).find((reaction) => reaction.type === type);
  if (own === undefined) return message;
  return {
    ...message,
    ownReactions: ownOf(message).filter((reaction) => reaction !== own),
    reactionGroups: message.reactionGroups
      .map((group) =>
        group.type === type ? { ...group, count: group.count - 1, sumScores: group.sumScores - own.score } : group,
      )
      .filter(({ count }) => count > 0),
  };
}

function raised(groups: readonly ReactionGroup[], { type, score, createdAt }: Reaction): readonly ReactionGroup[] {
  if (!groups.some((group) => group.type === type)) {
    return [...groups, { type, count: 1, sumScores: score, firstAt: createdAt, lastAt: createdAt }];
  }
  return groups.map((group) =>
    group.type === type
      ? { ...group, count: group.count + 1, sumScores: group.sumScores + score, lastAt: createdAt }
      : group,
  );
}
