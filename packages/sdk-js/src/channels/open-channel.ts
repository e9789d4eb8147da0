import { type Message, parseChannelId, splitChannelId } from '@parley/contracts';
import type { Context } from '../context.ts';
import { createEmitter } from '../lib/emitter.ts';
import { createMembers } from '../members/members.ts';
import { createChannelOutbox } from '../messages/channel-outbox.ts';
import { createMessages } from '../messages/messages.ts';
import {
  addMembersMutation,
  deleteChannelMutation,
  removeMembersMutation,
  setTypingMutation,
  updateChannelMutation,
} from '../operations/documents.ts';
import { createMarkRead } from '../reads/mark-read.ts';
import { createReads } from '../reads/reads.ts';
import { createUnread } from '../reads/unread.ts';
import { createKeystrokes } from '../typing/keystrokes.ts';
import { createTypingUsers } from '../typing/typing-users.ts';
import type { Channel, WatchOptions } from './channel.ts';
import type { ChannelEvent } from './channel-event.ts';
import type { ChannelFeature } from './channel-feature.ts';
import { createFeed } from './feed.ts';
import { createInfo } from './info.ts';
import { loadSnapshot, loadViewer } from './snapshot.ts';
import { untilReady } from './until-ready.ts';

/** A channel's handle with what only the rest of the client may do to it. */
export interface OpenChannel {
  readonly handle: Channel;
  /** The newest message, also while others are loaded. */
  newest(): Message | undefined;
  /** The numbers that the inbox gave as of position `seq`. */
  correctUnread(seq: number, count: number, mentions: number): void;
  /** The viewer has become a member. */
  joined(): void;
  /** The connection is back. */
  retryNow(): void;
  /** What waits stays; no timer does. */
  stop(): void;
}

/** Makes the handle of a channel from the list of its features. `changed` hears of every event. @throws invalid_input */
export function openChannel(context: Context, givenId: string, changed: (channel: OpenChannel) => void): OpenChannel {
  const { clock, execute, viewer } = context;
  const id = parseChannelId(givenId, 'id');
  const events = createEmitter<ChannelEvent>();
  const head = (): number => feed.head;
  const userId = viewer.id;
  let openAt: WatchOptions['openAt'];

  const info = createInfo();
  const messages = createMessages({ channelId: id, execute, userId });
  const members = createMembers();
  const reads = createReads();
  const typingUsers = createTypingUsers(clock, userId);
  const unread = createUnread({
    clock,
    userId,
    head,
    loaded: () => ({ ...messages.store.get(), messages: messages.all() }),
    ask: () => refreshViewer(),
  });
  const markRead = createMarkRead({ channelId: id, execute, unread, reads, userId, head });
  const keystrokes = createKeystrokes(clock, (typing, parentId) => {
    // Nobody waits for it, and the next keystroke says it again.
    execute(setTypingMutation, { input: { channelId: id, typing, parentId } }).catch(() => {});
  });
  const outbox = createChannelOutbox(context, id, messages);
  const rights: ChannelFeature = {
    apply(event) {
      if (changesViewer(event, viewer.id())) refreshViewer();
    },
  };
  // Each takes a step before the next one does: `unread` looks at the messages as they were before an event, `outbox` at those after it.
  const features: readonly ChannelFeature[] = [
    info,
    members,
    reads,
    typingUsers,
    unread,
    messages,
    outbox,
    rights,
    keystrokes,
  ];
  const refreshViewer = (): void =>
    void loadViewer(execute, id).then(
      (loaded) => {
        info.setViewer(loaded);
        // A new member begins at the end of the log, whatever was read in an earlier membership.
        unread.advance(loaded.readSeq);
        // An answer from before a read that is known here is too old; that read asks again.
        if (loaded.readSeq === unread.store.get().readSeq)
          unread.correct(loaded.seq, loaded.unreadCount, loaded.unreadMentions);
        changed(open);
      },
      () => {
        // A viewer who may no longer read the channel learns it from the feed.
      },
    );

  const feed = createFeed({
    ...context,
    channelId: id,
    load: () => loadSnapshot(execute, id, openAt),
    isElsewhere: () => messages.store.get().hasNewer,
    onSnapshot(snapshot) {
      for (const feature of features) feature.reset?.(snapshot);
      changed(open);
    },
    onEvent(event) {
      if (event.__typename === 'UserUpdated') viewer.changed(event.user);
      for (const feature of features) feature.apply?.(event);
      events.emit(event);
      changed(open);
    },
    onStatus(status, error) {
      for (const feature of features) feature.status?.(status, error);
      changed(open);
    },
  });

  const handle: Channel = {
    id,
    ...splitChannelId(id),
    state: info.store,
    messages: messages.store,
    members: members.store,
    reads: reads.store,
    typing: typingUsers.store,
    unread: unread.store,
    watch(options) {
      openAt = options?.openAt;
      return feed.watch();
    },
    ready: () => untilReady(clock, id, info.store),
    send(input) {
      const message = typeof input === 'string' ? { text: input } : input;
      const sending = outbox.send(message);
      keystrokes.finish();
      // What one has written oneself is among the newest. Where those cannot be loaded now, the message is shown nevertheless.
      if (message.parentId === undefined) messages.store.jumpToNewest().catch(() => {});
      return sending;
    },
    retry: outbox.retry,
    discard: outbox.discard,
    edit: outbox.edit,
    delete: outbox.delete,
    react: outbox.react,
    unreact: outbox.unreact,
    async markRead(seq) {
      const done = markRead(seq);
      changed(open);
      // Also a read that was refused is one to show.
      await done.finally(() => changed(open));
    },
    keystroke: (parentId) => keystrokes.press(parentId ?? null),
    stopTyping: keystrokes.finish,
    async update(input) {
      const answer = await execute(updateChannelMutation, { input: { channelId: id, ...input } });
      info.setData(answer.updateChannel);
    },
    async addMembers(added) {
      const members = added.map((member) => (typeof member === 'string' ? { userId: member } : member));
      await execute(addMembersMutation, { input: { channelId: id, members } });
    },
    async removeMembers(userIds) {
      await execute(removeMembersMutation, { input: { channelId: id, userIds } });
    },
    async remove() {
      await execute(deleteChannelMutation, { input: { channelId: id } });
    },
    on: events.on,
  };

  const open: OpenChannel = {
    handle,
    newest: messages.newest,
    correctUnread(seq, count, mentions) {
      unread.correct(seq, count, mentions);
      changed(open);
    },
    joined: feed.reopen,
    retryNow() {
      for (const feature of features) feature.retryNow?.();
    },
    stop() {
      for (const feature of features) feature.stop?.();
    },
  };
  return open;
}

function changesViewer(event: ChannelEvent, userId: string | null): boolean {
  if (event.__typename === 'MembersAdded') return event.members.some(({ user }) => user.id === userId);
  return event.__typename === 'MembersRemoved' && userId !== null && event.userIds.includes(userId);
}
