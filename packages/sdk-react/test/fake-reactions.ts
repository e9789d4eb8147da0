import type { Reaction } from '@parley/contracts';
import type { MessageView } from '@parley/sdk-js';

/** The message with a reaction of the viewer's that it did not have. */
export function withReaction(item: MessageView, reaction: Reaction): MessageView {
  const { type, score, createdAt } = reaction;
  const known = item.reactionGroups.some((group) => group.type === type);
  const fresh = { type, count: 0, sumScores: 0, firstAt: createdAt, lastAt: createdAt };
  return {
    ...item,
    ownReactions: [...(item.ownReactions ?? []), reaction],
    reactionGroups: (known ? item.reactionGroups : [...item.reactionGroups, fresh]).map((group) =>
      group.type === type
        ? { ...group, count: group.count + 1, sumScores: group.sumScores + score, lastAt: createdAt }
        : group,
    ),
  };
}

/** The message without the viewer's reaction of this type. */
export function withoutReaction(item: MessageView, type: string): MessageView {
  const own = item.ownReactions?.find((reaction) => reaction.type === type);
  if (own === undefined) return item;
  return {
    ...item,
    ownReactions: (item.ownReactions ?? []).filter((reaction) => reaction !== own),
    reactionGroups: item.reactionGroups
      .map((group) =>
        group.type === type ? { ...group, count: group.count - 1, sumScores: group.sumScores - own.score } : group,
      )
      .filter(({ count }) => count > 0),
  };
}
