import type { User } from '@parley/contracts';
import type { MessageView } from './message-view.ts';
import type { Patch } from './messages.ts';
import type { OutboxEntry } from './outbox-entry.ts';
import { provisionalAttachments } from './provisional.ts';
import { withoutReaction, withReaction } from './reactions.ts';

const deleted = {
  text: '',
  attachments: [],
  mentionedUsers: [],
  quoted: null,
  reactionGroups: [],
  ownReactions: [],
  custom: {},
};

/** How a message looks once the server has the change. */
export function patchOf(entry: OutboxEntry, me: User | null): Patch {
  const { at } = entry;
  switch (entry.kind) {
    case 'send':
      return (view) => view;
    case 'edit': {
      const { text, attachments, custom } = entry.input;
      return (view) =>
        // Words must not come back to a place where they were deleted.
        view.deletedAt !== null
          ? view
          : {
              ...view,
              text: text ?? view.text,
              attachments: attachments === undefined ? view.attachments : provisionalAttachments(attachments),
              custom: custom ?? view.custom,
              editedAt: at,
              pending: 'edit',
            };
    }
    case 'delete':
      return (view) => (entry.hard ? null : { ...view, ...deleted, deletedAt: at, pending: 'delete' });
    case 'react': {
      const { type, score, exclusive } = entry;
      return (view) => (me === null ? view : withReaction(view, { type, user: me, score, createdAt: at }, exclusive));
    }
    case 'unreact':
      return (view) => withoutReaction(view, entry.type);
  }
}

/** A message whose change was refused: as the server has it, with the words that it did not take. */
export const refused = (view: MessageView, entry: OutboxEntry, error: MessageView['error']): MessageView => ({
  ...view,
  error,
  failedEdit: entry.kind === 'edit' ? entry.input : view.failedEdit,
});
