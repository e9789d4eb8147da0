import type { Message } from '@parley/contracts';
import { ParleyError, parseMessageId } from '@parley/contracts';
import * as limits from '@parley/contracts/client-limits';
import type { Channel } from '../channels/channel.ts';
import type { ChannelFeature } from '../channels/channel-feature.ts';
import type { Context } from '../context.ts';
import { uuid } from '../lib/uuid.ts';
import {
  addReactionMutation,
  deleteMessageMutation,
  removeReactionMutation,
  sendMessageMutation,
  updateMessageMutation,
} from '../operations/documents.ts';
import { patchOf, refused } from './changes.ts';
import { completed, type ReceivedMessage } from './message-page.ts';
import type { MessageView, SendInput } from './message-view.ts';
import type { Messages, Patch } from './messages.ts';
import { createOutbox, type OutboxItem } from './outbox.ts';
import type { OutboxEntry, SendEntry } from './outbox-entry.ts';
import { provisional } from './provisional.ts';

export interface ChannelOutbox
  extends ChannelFeature,
    Pick<Channel, 'send' | 'edit' | 'delete' | 'react' | 'unreact' | 'retry' | 'discard'> {}

/** The outbox of a channel, showing itself in its messages. Replies are sent too, but are no part of the channel's own list. */
export function createChannelOutbox(
  { clock, random, log, execute, viewer }: Context,
  channelId: string,
  messages: Messages,
): ChannelOutbox {
  // A message keeps its view while it waits, so that only what changed is drawn again.
  let unsent: ReadonlyMap<string, MessageView> = new Map();
  const viewOf = ({ messageId, input, at }: SendEntry, error: ParleyError | null): MessageView => {
    const view =
      unsent.get(messageId) ?? provisional(input, { channelId, author: viewer.user, quoted: messages.get, at });
    return view.error === error ? view : { ...view, status: error === null ? 'sending' : 'failed', error };
  };
  const known = (id: string): Message | undefined => messages.get(id) ?? unsent.get(id);

  const run = async (entry: OutboxEntry): Promise<ReceivedMessage> => {
    const { messageId } = entry;
    switch (entry.kind) {
      case 'send':
        return (await execute(sendMessageMutation, { input: { channelId, ...entry.input } })).sendMessage;
      case 'edit':
        return (await execute(updateMessageMutation, { input: { messageId, ...entry.input } })).updateMessage;
      case 'delete':
        return (await execute(deleteMessageMutation, { input: { messageId, hard: entry.hard } })).deleteMessage;
      case 'react': {
        const { type, score, exclusive } = entry;
        return (await execute(addReactionMutation, { input: { messageId, type, score, exclusive } })).addReaction;
      }
      case 'unreact':
        return (await execute(removeReactionMutation, { input: { messageId, type: entry.type } })).removeReaction;
    }
  };
  let before: Message | undefined;

  const show = (items: readonly OutboxItem[]): void => {
    const views = new Map<string, MessageView>();
    const patches = new Map<string, Patch>();
    for (const { entry, error } of items) {
      const { messageId } = entry;
      if (entry.kind === 'send') {
        views.set(messageId, viewOf(entry, error));
        continue;
      }
      const earlier = patches.get(messageId) ?? ((view) => view);
      const patch: Patch = error === null ? patchOf(entry, viewer.user()) : (view) => refused(view, entry, error);
      patches.set(messageId, (view) => {
        const changed = earlier(view);
        return changed && patch(changed);
      });
    }
    unsent = views;
    messages.showPending(
      [...views.values()].filter(({ parentId }) => parentId === null),
      patches,
    );
  };

  /** An event that came while the answer was under way may be newer than the answer; it stays. What the answer alone knows is kept. */
  const adopt = (answer: Message): void => {
    const current = messages.get(answer.id);
    if (before === undefined || current === undefined) return;
    messages.put(current === before ? answer : { ...current, ownReactions: answer.ownReactions });
  };

  const outbox = createOutbox({
    clock,
    random,
    log,
    show,
    known,
    async post(entry) {
      before = messages.get(entry.messageId);
      return completed(await run(entry));
    },
    done(entry, message) {
      if (entry.kind !== 'send') adopt(message);
      else if (message.parentId === null && messages.get(message.id) === undefined) messages.put(message);
      if (entry.kind === 'delete' && entry.hard) messages.drop(entry.messageId);
      if (entry.kind === 'delete' || entry.kind === 'edit') outbox.forgive(entry.messageId);
    },
  });
  const now = (): string => new Date(clock.now()).toISOString();

  return {
    async send(given) {
      const input = typeof given === 'string' ? { text: given } : given;
      const id = input.id === undefined ? uuid() : parseMessageId(input.id);
      refuseEmpty(input);
      return outbox.add({ kind: 'send', messageId: id, at: now(), input: { ...input, id } });
    },
    edit: (messageId, given) =>
      outbox.add({ kind: 'edit', messageId, at: now(), input: typeof given === 'string' ? { text: given } : given }),
    async delete(messageId, { hard = false } = {}) {
      await outbox.add({ kind: 'delete', messageId, at: now(), hard });
    },
    react: (messageId, type, { score = 1, exclusive = false } = {}) =>
      outbox.add({ kind: 'react', messageId, at: now(), type, score, exclusive }),
    unreact: (messageId, type) => outbox.add({ kind: 'unreact', messageId, at: now(), type }),
    retry: outbox.retry,
    discard: outbox.discard,
    retryNow: outbox.retryNow,
    stop: outbox.pause,
    // What is in the log was sent, whatever became of the answer.
    reset: ({ messages: { nodes } }) => nodes.forEach(outbox.seen),
    apply(event) {
      if (event.__typename === 'MessageCreated') outbox.seen(event.message);
      if (event.__typename === 'MessageDeleted' && event.hard) outbox.forgive(event.message.id);
    },
  };
}

function refuseEmpty({ text = '', attachments = [] }: SendInput): void {
  if (text.length > limits.messageText) {
    throw new ParleyError(
      'invalid_input',
      `unable to send message; text is over ${limits.messageText} characters: shorten it`,
      {
        field: 'text',
        limit: limits.messageText,
      },
    );
  }
  if (text === '' && attachments.length === 0) {
    throw new ParleyError('invalid_input', 'unable to send message; it is empty: give it text or an attachment', {
      field: 'text',
    });
  }
}
