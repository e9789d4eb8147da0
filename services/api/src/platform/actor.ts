import { type AppSettings, ParleyError } from '@parley/contracts';
import type { Principal } from '@parley/contracts/bus';

/** A user, or a tenant's back end that acts as that user (`asServer`: with the rights of the server). */
export interface UserActor {
  readonly kind: 'user';
  readonly appId: string;
  readonly userId: string;
  /** Role in the app: `user`, `admin`, or the tenant's own. */
  readonly role: string;
  readonly asServer: boolean;
  readonly principal: Principal;
  /** Those of the app, as of now. */
  readonly settings: AppSettings;
}

/** A tenant's back end that acts for nobody in particular. */
export interface ServerActor {
  readonly kind: 'server';
  readonly appId: string;
  readonly principal: Principal;
  readonly settings: AppSettings;
}

/** Who asks. The first argument of every service function. */
export type Actor = UserActor | ServerActor;

/** Whether the caller holds the rights of the tenant's back end. */
export const hasServerRights = (actor: Actor): boolean => actor.kind === 'server' || actor.asServer;

/** The viewer, or null for a server token without `sub`. */
export const viewerOf = (actor: Actor): string | null => (actor.kind === 'user' ? actor.userId : null);

/** @throws forbidden unless the caller is the tenant's back end. `action` completes "unable to …". */
export function requireServer(actor: Actor, action: string): void {
  if (hasServerRights(actor)) return;
  throw new ParleyError('forbidden', `unable to ${action}; it needs a server token`, { permission: 'server' });
}

/** @throws forbidden for a server token without `sub`. `action` completes "unable to …". */
export function requireUser(actor: Actor, action: string): UserActor {
  if (actor.kind === 'user') return actor;
  throw new ParleyError(
    'forbidden',
    `unable to ${action}; a server token without "sub" acts for nobody, add the user's id as "sub"`,
    {
      permission: 'user',
    },
  );
}
