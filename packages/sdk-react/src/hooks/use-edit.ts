import { useMemo } from 'react';
import { useChannelContext } from '../provider/parley-context.ts';
import { endEdit, isSendable, remainingOf, saveEdit, textOfEdit, writeEdit } from './draft-actions.ts';
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
  const writing = useChannelContext();
  const { channel, draft } = writing;
  const begun = useSelected(draft, ({ edits }) => (messageId === null ? undefined : edits.get(messageId)));
  const message = useSelected(channel.messages, ({ items }) => items.find(({ id }) => id === messageId));
  const text = textOfEdit(begun, message);

  return useMemo(
    () =>
      messageId === null
        ? null
        : {
            text,
            remaining: remainingOf(text),
            canSubmit: isSendable(text),
            setText: (next) => writeEdit(writing, messageId, next),
            cancel: () => endEdit(writing, messageId),
            submit: () => saveEdit(writing, messageId),
          },
    [messageId, text, writing],
  );
}
