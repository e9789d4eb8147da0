import { type Actor, hasServerRights, viewerOf } from '../platform/actor.ts';
import { isBound } from '../platform/sight.ts';

/** Whom a caller may look up: everybody, those who share a channel with it, or nobody but itself. */
export function reachOf(actor: Actor): 'everybody' | 'shared' | 'self' {
  if (!isBound(actor)) return 'everybody';
  switch (actor.settings.userVisibility) {
    case 'EVERYBODY':
      return 'everybody';
    case 'SHARED_CHANNELS':
      return 'shared';
    case 'SERVER':
      return 'self';
  }
}

/** Whether the caller reads what is private to the user. */
export const mayReadPrivate = (actor: Actor, userId: string): boolean =>
  hasServerRights(actor) || viewerOf(actor) === userId;

/** Whether the caller sees when those are online whom it may look up. */
export const seesPresence = (actor: Actor): boolean => !isBound(actor) || actor.settings.presenceVisible;

/** Whether naming a user is enough to make one: for back ends, and where the app lets its users. */
export const mayCreateUsers = (actor: Actor): boolean => hasServerRights(actor) || actor.settings.usersMayCreateUsers;
