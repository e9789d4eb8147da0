import { moduleList } from '../module.ts';
import { access } from './access/index.ts';
import { apps } from './apps/index.ts';
import { auth } from './auth/index.ts';
import { channels } from './channels/index.ts';
import { inbox } from './inbox/index.ts';
import { members } from './members/index.ts';
import { messages } from './messages/index.ts';
import { nodes } from './nodes/index.ts';
import { presence } from './presence/index.ts';
import { reactions } from './reactions/index.ts';
import { reads } from './reads/index.ts';
import { typing } from './typing/index.ts';
import { users } from './users/index.ts';

/** What the API consists of. A module stands below those whose services it uses. */
export const modules = moduleList()
  .with(access)
  .with(apps)
  .with(auth)
  .with(users)
  .with(presence)
  .with(channels)
  .with(members)
  .with(messages)
  .with(inbox)
  .with(reactions)
  .with(reads)
  .with(typing)
  .with(nodes);
