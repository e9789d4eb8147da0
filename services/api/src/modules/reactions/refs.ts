import type { Reaction, ReactionGroup } from '@parley/contracts';
import { builder } from '../../graphql/builder.ts';

export const ReactionRef = builder.objectRef<Reaction>('Reaction');
export const ReactionGroupRef = builder.objectRef<ReactionGroup>('ReactionGroup');
