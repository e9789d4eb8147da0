import { type Capability, ParleyError } from '@parley/contracts';
import type { Actor } from '../platform/actor.ts';
import { hasServerRights } from '../platform/actor.ts';

/** What each capability lets one do; completes "unable to …". */
export const actionOf: Readonly<Record<Capability, string>> = {
  'read-channel': 'read the channel',
  'send-message': 'send message',
  'send-reply': 'send reply',
  'send-reaction': 'change reactions',
  'send-typing': 'say who is typing',
  'read-events': 'mark as read',
  'update-own-message': 'update message',
  'update-any-message': 'update message',
  'delete-own-message': 'delete message',
  'delete-any-message': 'delete message',
  'hard-delete-message': 'delete message for good',
  'update-channel': 'update channel',
  'delete-channel': 'delete channel',
  'add-members': 'add members',
  'remove-members': 'remove members',
  'leave-channel': 'leave the channel',
};

/** A refusal that names the missing permission. */
export const lacking = (capability: Capability, channelId: string): ParleyError =>
  new ParleyError(
    'forbidden',
    `unable to ${actionOf[capability]}; you lack the permission ${capability} in ${channelId}`,
    {
      permission: capability,
    },
  );

/** A server token, also one that acts as a user, and the app role `admin` may do everything. */
export const isAllPowerful = (actor: Actor): boolean =>
  hasServerRights(actor) || (actor.kind === 'user' && actor.role === 'admin');
