import './schema.ts';
import type { Foundation } from '../../foundation.ts';
import { defineModule, none } from '../../module.ts';
import type { ChannelAccessService } from '../channels/index.ts';
import type { InboxService } from '../inbox/index.ts';
import { readHandlers } from './rpc.ts';
import { createReads, type ReadsService } from './service.ts';

interface Before {
  readonly access: ChannelAccessService;
  readonly inbox: InboxService;
}
interface Own {
  readonly reads: ReadsService;
}

/** Read pointers: how far each member has read. */
export const reads = defineModule({
  name: 'reads',
  services: ({ db, publisher }: Foundation, { access, inbox }: Before): Own => ({
    reads: createReads({ sql: db, access, publisher, inbox }),
  }),
  loaders: none,
  rpc: ({ foundation: { db } }) => readHandlers({ sql: db }),
});
