import type { Channel, MessagesState, MessagesStore } from '@parley/sdk-js';
import { useMemo } from 'react';
import { useChannelContext } from '../provider/parley-context.ts';
import { useStore } from './use-store.ts';

export interface UseMessagesResult
  extends MessagesState,
    Pick<Channel, 'send' | 'retry' | 'discard' | 'edit' | 'delete' | 'react' | 'unreact'>,
    Pick<MessagesStore, 'loadOlder' | 'loadNewer' | 'loadAround' | 'jumpToNewest'> {}

/** The loaded part of the channel's messages, oldest first, the ways to the others, and the actions on them. */
export function useMessages(): UseMessagesResult {
  const { channel } = useChannelContext();
  const page = useStore(channel.messages);
  const commands = useMemo(
    (): Omit<UseMessagesResult, keyof MessagesState> => ({
      loadOlder: () => channel.messages.loadOlder(),
      loadNewer: () => channel.messages.loadNewer(),
      loadAround: (messageId) => channel.messages.loadAround(messageId),
      jumpToNewest: () => channel.messages.jumpToNewest(),
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
