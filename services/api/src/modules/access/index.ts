import type { Foundation } from '../../foundation.ts';
import { defineModule, none } from '../../module.ts';
import type { Handler } from '../../rpc/handler.ts';
import { type AccessChangesService, createAccessChanges } from './service.ts';

/** Within a second of a change that nobody has published on the bus, the sockets that it concerns are to be closed. */
const notifyEveryMs = 500;

interface Own {
  readonly accessChanges: AccessChangesService;
}

/** Changes of what somebody may see, announced to fan-out. */
export const access = defineModule({
  name: 'access',
  services: ({ db, publisher }: Foundation): Own => ({ accessChanges: createAccessChanges({ sql: db, publisher }) }),
  loaders: none,
  rpc({ services: { accessChanges } }) {
    const recent: Handler<'access.recent'> = (question) => accessChanges.recent(question);
    return { 'access.recent': recent };
  },
  recurring: (_foundation, { accessChanges }) => [
    { name: 'notify whose access changed', everyMs: notifyEveryMs, run: accessChanges.notifyNew },
  ],
});
