import type { Message, User } from '@parley/contracts';
import type { Clock } from '../lib/clock.ts';
import {
  addReactionMutation,
  deleteMessageMutation,
  removeReactionMutation,
  updateMessageMutation,
} from '../operations/documents.ts';
import type { ExecuteTyped } from '../operations/execute.ts';
import { completed, type ReceivedMessage } from './message-page.ts';
import type { EditInput } from './message-view.ts';
import type { Messages, Patch } from './messages.ts';
import { provisionalAttachments } from './provisional.ts';
import { withoutReaction, withReaction } from './reactions.ts';

/** Changes to messages that exist: shown at once, taken back when the server refuses. */
export interface Changes {
  edit(id: string, input: EditInput): Promise<Message>;
  delete(id: string, options?: { readonly hard?: boolean }): Promise<void>;
  react(
    id: string,
    type: string,
    options?: { readonly score?: number; readonly exclusive?: boolean },
  ): Promise<Message>;
  unreact(id: string, type: string): Promise<Message>;
}

export interface ChangesOptions {
  readonly messages: Messages;
  readonly execute: ExecuteTyped;
  readonly clock: Clock;
  readonly me: () => User | null;
}

export function createChanges({ messages, execute, clock, me }: ChangesOptions): Changes {
  const now = (): string => new Date(clock.now()).toISOString();

  const change = async (id: string, patch: Patch, run: () => Promise<ReceivedMessage>): Promise<Message> => {
    const before = messages.get(id);
    const revert = messages.patch(id, patch);
    try {
      const message = completed(await run());
      adopt(before, message);
      return message;
    } finally {
      revert();
    }
  };

  // An event that came while the answer was under way may be newer than the answer; it stays. What the answer alone knows is kept.
  const adopt = (before: Message | undefined, answer: Message): void => {
    const current = messages.get(answer.id);
    if (before === undefined || current === undefined) return;
    messages.put(current === before ? answer : { ...current, ownReactions: answer.ownReactions });
  };

  return {
    edit(id, { text, attachments, mentionedUserIds, custom }) {
      const patch: Patch = (message) => ({
        ...message,
        text: text ?? message.text,
        attachments: attachments === undefined ? message.attachments : provisionalAttachments(attachments),
        custom: custom ?? message.custom,
        editedAt: now(),
      });
      const input = { messageId: id, text, attachments, mentionedUserIds, custom };
      return change(id, patch, async () => (await execute(updateMessageMutation, { input })).updateMessage);
    },
    async delete(id, { hard = false } = {}) {
      const at = now();
      const bare = {
        text: '',
        attachments: [],
        mentionedUsers: [],
        quoted: null,
        reactionGroups: [],
        ownReactions: [],
        custom: {},
      };
      const patch: Patch = (message) => (hard ? null : { ...message, ...bare, deletedAt: at });
      const input = { messageId: id, hard };
      await change(id, patch, async () => (await execute(deleteMessageMutation, { input })).deleteMessage);
      if (hard) messages.drop(id);
    },
    react(id, type, { score = 1, exclusive = false } = {}) {
      const user = me();
      const at = now();
      const patch: Patch = (message) =>
        user === null ? message : withReaction(message, { type, user, score, createdAt: at }, exclusive);
      const input = { messageId: id, type, score, exclusive };
      return change(id, patch, async () => (await execute(addReactionMutation, { input })).addReaction);
    },
    unreact(id, type) {
      const input = { messageId: id, type };
      return change(
        id,
        (message) => withoutReaction(message, type),
        async () => (await execute(removeReactionMutation, { input })).removeReaction,
      );
    },
  };
}
