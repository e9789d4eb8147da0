import { isBlank } from '@parley/contracts';
import * as limits from '@parley/contracts/client-limits';
import { useEffect, useMemo } from 'react';
import { isOneTooMany } from '../lib/is-one-too-many.ts';
import { useChannelContext } from '../provider/parley-context.ts';
import type { UseComposerResult } from './use-composer.ts';
import { useStore } from './use-store.ts';

/** The new message that is being written in the channel. */
export function useNewMessage(): UseComposerResult {
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
    const { text, quoting, editingId } = state;
    const remaining = limits.messageText - text.length;
    const canSubmit = !isBlank(text) && remaining >= 0;
    return {
      text,
      quoting,
      editingId,
      remaining,
      canSubmit,
      setText(next) {
        draft.set({ ...draft.get(), text: next });
        if (isBlank(next)) channel.stopTyping();
        else channel.keystroke();
      },
      quote: (message) => draft.set({ ...draft.get(), quoting: message, editingId: null }),
      edit: (messageId) => draft.set({ ...draft.get(), editingId: messageId }),
      cancel: () => draft.set({ ...draft.get(), quoting: null, editingId: null }),
      submit() {
        if (!canSubmit) return;
        // An edit that is open in the list goes on.
        draft.set({ ...draft.get(), text: '', quoting: null });
        const words = text.trim();
        const sent = channel.send(quoting === null ? words : { text: words, quotedId: quoting.id });
        sent.catch((error: unknown) => {
          // The message in the list says that it failed, and why; but one too many is not in the list.
          if (!isOneTooMany(error)) return;
          const now = draft.get();
          draft.set({
            ...now,
            text: now.text === '' ? words : `${words}\n${now.text}`,
            quoting: now.quoting ?? quoting,
          });
        });
      },
    };
  }, [channel, draft, state]);
}
