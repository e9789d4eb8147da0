import './schema.ts';
import type { JsonObject } from '@parley/contracts';
import { reachOf } from '../../domain/visibility.ts';
import type { Foundation } from '../../foundation.ts';
import { batched } from '../../graphql/batching.ts';
import { defineModule } from '../../module.ts';
import { viewerOf } from '../../platform/actor.ts';
import { userHandlers } from './rpc.ts';
import { createUsersService, type UsersService } from './service.ts';

export type { UsersService } from './service.ts';

interface Own {
  readonly users: UsersService;
}

/** Users of an app, and who may look them up. */
export const users = defineModule({
  name: 'users',
  services: ({ db, publisher }: Foundation): Own => ({ users: createUsersService({ db, publisher }) }),
  loaders({ services, actor }) {
    const reach = reachOf(actor);
    const viewer = viewerOf(actor);
    const visible = batched<boolean>(async (ids) => {
      const found = await services.users.visibleAmong(actor, ids);
      return new Map([...found].map((id) => [id, true]));
    }, false);
    const privateData = batched<JsonObject>((ids) => services.users.privateOf(actor, ids), {});
    return {
      /** Whether the caller may look the user up. */
      sees: (userId: string): boolean | Promise<boolean> =>
        reach === 'everybody' || userId === viewer || (reach === 'shared' && visible.load(userId)),
      /** What only the user itself and back ends read of the user. */
      privateData: (userId: string): Promise<JsonObject> => privateData.load(userId),
    };
  },
  rpc: ({ foundation: { db } }) => userHandlers({ sql: db }),
});
