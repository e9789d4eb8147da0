import type { AppSettings } from '@parley/contracts';
import type { Sight } from '@parley/contracts/bus';
import { type Actor, hasServerRights } from './actor.ts';

/** Whether the app's settings bind this caller: a user who is no `admin`. */
export const isBound = (actor: Actor): boolean =>
  !hasServerRights(actor) && !(actor.kind === 'user' && actor.role === 'admin');

/** What the caller sees of others wherever it is not known whether it shares a channel with them: inside events, which are the same for many. */
export function sightOf(actor: Actor): Sight {
  return isBound(actor) ? sightUnder(actor.settings) : 'all';
}

function sightUnder({ userVisibility, presenceVisible }: AppSettings): Sight {
  if (userVisibility !== 'EVERYBODY') return 'names';
  return presenceVisible ? 'all' : 'no-presence';
}
