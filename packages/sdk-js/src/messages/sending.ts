import type { ChannelFeature } from '../channels/channel-feature.ts';
import type { Context } from '../context.ts';
import { sendMessageMutation } from '../operations/documents.ts';
import { completed } from './message-page.ts';
import type { Messages } from './messages.ts';
import type { Outbox } from './outbox.ts';
import { createOutbox } from './outbox.ts';

export interface Sending extends ChannelFeature, Pick<Outbox, 'send' | 'retry' | 'discard'> {}

/** The outbox of a channel, showing itself in its messages. Replies are sent too, but are no part of the channel's own list. */
export function createSending(
  { clock, random, log, execute, viewer }: Context,
  channelId: string,
  messages: Messages,
): Sending {
  const outbox = createOutbox({
    channelId,
    clock,
    random,
    log,
    author: viewer.user,
    quoted: messages.get,
    async post(input) {
      const { sendMessage } = await execute(sendMessageMutation, { input: { channelId, ...input } });
      return completed(sendMessage);
    },
    show: (views) => messages.showPending(views.filter(({ parentId }) => parentId === null)),
    sent(message) {
      if (message.parentId === null && messages.get(message.id) === undefined) messages.put(message);
    },
  });
  return {
    ...outbox,
    // What is in the log was sent, whatever became of the answer.
    reset: ({ messages: { nodes } }) => nodes.forEach(outbox.seen),
    apply(event) {
      if (event.__typename === 'MessageCreated') outbox.seen(event.message);
    },
  };
}
