import type { Channel, MessagesState } from '@parley/sdk-js';
import { useMemo } from 'react';
import { useChannelContext } from '../provider/parley-context.ts';
import { useStore } from './use-store.ts';

export interface UseMessagesResult
  extends MessagesState,
    Pick<Channel, 'send' | 'retry' | 'discard' | 'edit' | 'delete' | 'react' | 'unreact'> {
  readonly loadOlder: () => Promise<void>;
}

/** The channel's messages, oldest first, and the actions on them. */
export function useMessages(): UseMessagesResult {
  const { channel } = useChannelContext();
  const page = useStore(channel.messages);
  const commands = useMemo(
    (): Omit<UseMessagesResult, keyof MessagesState> => ({
      loadOlder: () => channel.messages.loadOlder(),
      send: (input) => channel.send(input),
      retry: (messageId) => channel.retry(messageId),
      discard: (messageId) => channel.discard(messageId),
      edit: (messageId, input) => channel.edit(messageId, input),
      delete: (messageId, options) => channel.delete(messageId, options),
      react: (messageId, type, options) => channel.react(messageId, type, options),
      unreact: (messageId, type) => channel.unreact(messageId, type),
    }),
    [channel],
  );
  return useMemo(() => ({ ...page, ...commands }), [page, commands]);
}
