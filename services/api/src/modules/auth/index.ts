import type { Foundation } from '../../foundation.ts';
import { defineModule, none } from '../../module.ts';
import { sessionHandlers } from './rpc.ts';
import { type AuthService, createAuthService } from './service.ts';

export type { AuthService } from './service.ts';

interface Own {
  readonly auth: AuthService;
}

/** Who calls: tokens, sessions, principals of the bus. */
export const auth = defineModule({
  name: 'auth',
  services: ({ db, secrets, databaseClock }: Foundation): Own => ({
    auth: createAuthService({ db, secrets, clock: databaseClock }),
  }),
  loaders: none,
  rpc: ({ services }) => sessionHandlers(services.auth),
});
