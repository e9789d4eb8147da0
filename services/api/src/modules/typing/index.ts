import './schema.ts';
import type { Foundation } from '../../foundation.ts';
import { defineModule, none } from '../../module.ts';
import type { ChannelAccessService } from '../channels/index.ts';
import type { MessagesService } from '../messages/index.ts';
import type { UsersService } from '../users/index.ts';
import { createTyping, type TypingService } from './service.ts';

interface Before {
  readonly access: ChannelAccessService;
  readonly messages: MessagesService;
  readonly users: UsersService;
}
interface Own {
  readonly typing: TypingService;
}

/** Who is typing; never stored. */
export const typing = defineModule({
  name: 'typing',
  services: ({ publisher, clock }: Foundation, { access, users, messages }: Before): Own => ({
    typing: createTyping({ access, users, messages, publisher, now: clock.now }),
  }),
  loaders: none,
  rpc: none,
});
