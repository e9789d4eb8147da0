import type { Reaction, ReactionGroup } from '@parley/contracts';
import { builder } from '../../graphql/builder.ts';

/** A reaction, and the message that it is to. */
interface MessageReaction extends Reaction {
  readonly messageId: string;
}

export const ReactionRef = builder.objectRef<MessageReaction>('Reaction');
export const ReactionGroupRef = builder.objectRef<ReactionGroup>('ReactionGroup');
