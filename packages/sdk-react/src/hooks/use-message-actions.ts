import type { MessageView } from '@parley/sdk-js';
import { useMemo, useState } from 'react';
import { useChannelContext, useStrings } from '../provider/parley-context.ts';
import { reasonOf } from '../strings.ts';
import { useMay } from './use-may.ts';

export interface UseMessageActionsResult {
  /** Why the last reaction was refused; null when it was not. */
  readonly fault: string | null;
  readonly mayReact: boolean;
  readonly mayReply: boolean;
  readonly mayEdit: boolean;
  readonly mayDelete: boolean;
  toggleReaction(type: string, mine: boolean): void;
  reply(): void;
  startEdit(): void;
  remove(): void;
  retry(): void;
  discard(): void;
}

/** The actions that the viewer may take on a message. */
export function useMessageActions(message: MessageView, own: boolean): UseMessageActionsResult {
  const { channel, draft } = useChannelContext();
  const strings = useStrings();
  const may = useMay();
  const [fault, setFault] = useState<string | null>(null);
  const { id } = message;

  return useMemo(() => {
    const alive = message.status === 'sent' && message.kind === 'REGULAR' && message.deletedAt === null;
    const attempt = (outcome: Promise<unknown>) => {
      setFault(null);
      outcome.catch((error: unknown) => setFault(reasonOf(error, strings)));
    };
    return {
      fault,
      mayReact: alive && may('send-reaction'),
      mayReply: alive && may('send-message'),
      mayEdit: alive && ((own && may('update-own-message')) || may('update-any-message')),
      mayDelete: alive && ((own && may('delete-own-message')) || may('delete-any-message')),
      toggleReaction: (type, mine) => attempt(mine ? channel.unreact(id, type) : channel.react(id, type)),
      reply: () => draft.set({ ...draft.get(), quoting: message, editingId: null }),
      startEdit: () => draft.set({ ...draft.get(), editingId: id }),
      // The message itself says when a deletion was refused, and what fails again.
      remove: () => void channel.delete(id).catch(() => undefined),
      retry: () => void channel.retry(id).catch(() => undefined),
      discard: () => channel.discard(id),
    };
  }, [channel, draft, fault, id, may, message, own, strings]);
}
