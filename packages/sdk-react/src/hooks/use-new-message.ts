import * as limits from '@parley/contracts/client-limits';
import type { MessageView } from '@parley/sdk-js';
import { useEffect, useMemo } from 'react';
import { emptyDraft } from '../provider/drafts.ts';
import { useChannelContext } from '../provider/parley-context.ts';
import { useStore } from './use-store.ts';

export interface UseComposerResult {
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
  edit(messageId: string | null): void;
  /** Gives up the reply or the edit, keeps the text. */
  cancel(): void;
  /** Sends the text. The message itself shows the outcome, so there is nothing to wait for. */
  submit(): void;
}

/** The draft of the channel: it stays when the component goes, and comes back with it. */
export function useComposer(): UseComposerResult {
  const { channel, draft } = useChannelContext();
  const state = useStore(draft);
  useEffect(
    () =>
      channel.on((event) => {
        const { quoting } = draft.get();
        const changes = event.__typename === 'MessageUpdated' || event.__typename === 'MessageDeleted';
        if (!changes || quoting?.id !== event.message.id) return;
        // There is nothing left to reply to, and its words must not stay here.
        const next = event.__typename === 'MessageDeleted' ? null : { ...quoting, ...event.message };
        draft.set({ ...draft.get(), quoting: next });
      }),
    [channel, draft],
  );
  return useMemo(() => {
    const remaining = limits.messageText - state.text.length;
    const canSubmit = state.text.trim() !== '' && remaining >= 0;
    return {
      ...state,
      remaining,
      canSubmit,
      setText(text) {
        draft.set({ ...draft.get(), text });
        if (text.trim() === '') channel.stopTyping();
        else channel.keystroke();
      },
      quote: (quoting) => draft.set({ ...draft.get(), quoting, editingId: null }),
      edit: (editingId) => draft.set({ ...draft.get(), editingId }),
      cancel: () => draft.set({ ...draft.get(), quoting: null, editingId: null }),
      submit() {
        if (!canSubmit) return;
        const text = state.text.trim();
        draft.set(emptyDraft);
        const sent = channel.send(state.quoting === null ? text : { text, quotedId: state.quoting.id });
        sent.catch(() => {
          // The message in the list says that it failed, and why.
        });
      },
    };
  }, [channel, draft, state]);
}
