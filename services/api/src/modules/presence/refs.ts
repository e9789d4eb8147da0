import type { PresenceChanged } from '@parley/contracts';
import { builder } from '../../graphql/builder.ts';

export const PresenceChangedRef = builder.objectRef<PresenceChanged>('PresenceChanged');
