import { isBlank } from '@parley/contracts';
import * as limits from '@parley/contracts/client-limits';
import { useMemo } from 'react';
import { isOneTooMany } from '../lib/is-one-too-many.ts';
import { withEdit } from '../provider/drafts.ts';
import { useChannelContext } from '../provider/parley-context.ts';
import { useSelected } from './use-store.ts';

export interface UseEditResult {
  readonly text: string;
  /** Characters left; negative when the text is too long. */
  readonly remaining: number;
  readonly canSubmit: boolean;
  setText(text: string): void;
  /** Gives up the edit and its text. */
  cancel(): void;
  /** Saves the text. The message itself shows the outcome. */
  submit(): void;
}

/**
 * The edit of a message: what was typed stays until it is saved or given up, whatever is shown meanwhile, and begins with what the server refused last.
 * Null: of no message.
 */
export function useEdit(messageId: string | null): UseEditResult | null {
  const { channel, draft } = useChannelContext();
  const begun = useSelected(draft, ({ edits }) => (messageId === null ? undefined : edits.get(messageId)));
  const message = useSelected(channel.messages, ({ items }) => items.find(({ id }) => id === messageId));
  const original = message?.text ?? '';
  const text = begun ?? message?.failedEdit?.text ?? original;

  return useMemo(() => {
    if (messageId === null) return null;
    const remaining = limits.messageText - text.length;
    const canSubmit = !isBlank(text) && remaining >= 0;
    const end = () => {
      const now = draft.get();
      const editingId = now.editingId === messageId ? null : now.editingId;
      draft.set({ ...withEdit(now, messageId, null), editingId });
    };
    return {
      text,
      remaining,
      canSubmit,
      setText: (next) => draft.set(withEdit(draft.get(), messageId, next)),
      cancel: end,
      submit() {
        if (!canSubmit) return;
        end();
        if (text.trim() === original) return;
        channel.edit(messageId, text.trim()).catch((error: unknown) => {
          // The message in the list says that it was refused, and keeps the words; but not those of one edit too many.
          if (isOneTooMany(error)) draft.set(withEdit(draft.get(), messageId, text));
        });
      },
    };
  }, [channel, draft, messageId, original, text]);
}
