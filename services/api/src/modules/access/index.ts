import type { Foundation } from '../../foundation.ts';
import { defineModule, none } from '../../module.ts';
import type { Handler } from '../../rpc/handler.ts';
import { type AccessChangesService, createAccessChanges } from './service.ts';

/** Within a second of a change that nobody on the bus has told, the sockets that it concerns are to be closed. */
const tellEveryMs = 500;

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
  jobs: (_foundation, { accessChanges }) => [
    { name: 'notify whose access changed', everyMs: tellEveryMs, run: accessChanges.notifyNew },
  ],
});
