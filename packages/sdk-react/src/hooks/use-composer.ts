import type { MessageView } from '@parley/sdk-js';
import { useMemo } from 'react';
import { useChannelContext } from '../provider/parley-context.ts';
import { endEdit, saveEdit, writeEdit } from './draft-actions.ts';
import { useEdit } from './use-edit.ts';
import { useNewMessage } from './use-new-message.ts';

export interface UseComposerResult {
  /** Of the edit while there is one, else of the new message. */
  readonly text: string;
  /** The message being replied to. */
  readonly quoting: MessageView | null;
  /** Id of the own message being edited. */
  readonly editingId: string | null;
  /** Characters left; negative when the text is too long. */
  readonly remaining: number;
  readonly canSubmit: boolean;
  setText(text: string): void;
  quote(message: MessageView | null): void;
  /** Begins to edit a message: with its text, or with what was typed for it before and neither saved nor given up. Null: back to the new message. */
  edit(messageId: string | null): void;
  /** Gives up the reply, or the edit with its text; the text of the new message is kept. */
  cancel(): void;
  /** Saves the edit while there is one, else sends the new message. The message itself shows the outcome, so there is nothing to wait for. */
  submit(): void;
}

/** The draft of the channel, and of each edit in it: they stay when the component goes, and come back with it. */
export function useComposer(): UseComposerResult {
  const writing = useChannelContext();
  const message = useNewMessage();
  const edit = useEdit(message.editingId);
  return useMemo(() => {
    // What is edited when the action is taken, not when it was rendered: `edit(id)` and `submit()` may follow each other at once.
    const editing = () => writing.draft.get().editingId;
    return {
      ...message,
      ...edit,
      setText(text) {
        const id = editing();
        if (id === null) message.setText(text);
        else writeEdit(writing, id, text);
      },
      cancel() {
        const id = editing();
        if (id === null) message.cancel();
        else endEdit(writing, id);
      },
      submit() {
        const id = editing();
        if (id === null) message.submit();
        else saveEdit(writing, id);
      },
    };
  }, [writing, message, edit]);
}
