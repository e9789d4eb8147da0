import './schema.ts';
import type { Foundation } from '../../foundation.ts';
import { defineModule, none } from '../../module.ts';
import type { UsersService } from '../users/index.ts';
import { presenceHandlers } from './rpc.ts';
import { createPresenceService, type PresenceService } from './service.ts';

const expireEveryMs = 2_000;

interface Before {
  readonly users: UsersService;
}
interface Own {
  readonly presence: PresenceService;
}

/** Who is online, as leases that fan-out nodes renew. */
export const presence = defineModule({
  name: 'presence',
  services: ({ db, publisher }: Foundation, _before: Before): Own => ({
    presence: createPresenceService({ db, publisher }),
  }),
  loaders: none,
  rpc: ({ services, questions }) => presenceHandlers({ ...services, questions }),
  recurring: (_foundation, services) => [
    { name: 'expire presence', everyMs: expireEveryMs, run: services.presence.expire },
  ],
});
