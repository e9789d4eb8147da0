import './schema.ts';
import type { Foundation } from '../../foundation.ts';
import { defineModule, none } from '../../module.ts';
import type { ChannelsService } from '../channels/index.ts';
import type { MessagesService } from '../messages/index.ts';
import type { UsersService } from '../users/index.ts';
import { createNodes, type NodesService } from './service.ts';

interface Before {
  readonly users: UsersService;
  readonly channels: ChannelsService;
  readonly messages: MessagesService;
}
interface Own {
  readonly nodes: NodesService;
}

/** Objects by their ids alone, whatever their types are. */
export const nodes = defineModule({
  name: 'nodes',
  services: (_foundation: Foundation, before: Before): Own => ({ nodes: createNodes(before) }),
  loaders: none,
  rpc: none,
});
