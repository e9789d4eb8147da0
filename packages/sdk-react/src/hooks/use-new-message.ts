import { useEffect, useMemo } from 'react';
import { useChannelContext } from '../provider/parley-context.ts';
import { isSendable, remainingOf, sendDraft, writeMessage } from './draft-actions.ts';
import type { UseComposerResult } from './use-composer.ts';
import { useStore } from './use-store.ts';

/** The new message that is being written in the channel. */
export function useNewMessage(): UseComposerResult {
  const writing = useChannelContext();
  const { channel, draft } = writing;
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
    const { text, quoting, editingId } = state;
    return {
      text,
      quoting,
      editingId,
      remaining: remainingOf(text),
      canSubmit: isSendable(text),
      setText: (next) => writeMessage(writing, next),
      quote: (message) => draft.set({ ...draft.get(), quoting: message, editingId: null }),
      edit: (messageId) => draft.set({ ...draft.get(), editingId: messageId }),
      cancel: () => draft.set({ ...draft.get(), quoting: null, editingId: null }),
      submit: () => sendDraft(writing),
    };
  }, [writing, draft, state]);
}
