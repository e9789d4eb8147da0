import type { MessageView } from '@parley/sdk-js';
import { useMemo } from 'react';
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
  const message = useNewMessage();
  const edit = useEdit(message.editingId);
  return useMemo(() => (edit === null ? message : { ...message, ...edit }), [message, edit]);
}
