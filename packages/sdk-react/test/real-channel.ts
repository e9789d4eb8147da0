import type { Message, ParleyError, Reaction, User } from '@parley/contracts';
import type { Channel, SendInput } from '@parley/sdk-js';
import { at, message, FakeChannel as Server, user } from '../../sdk-js/test/fake-channel.ts';
import { createWorld } from '../../sdk-js/test/world.ts';

/** The viewer's side of a channel, and what others and the server do to it. The fake channel has to behave as the real one does behind this. */
export interface ChannelSide {
  readonly channel: Channel;
  /** Somebody else writes. */
  receive(from: string, text: string, mentioned?: readonly string[]): void;
  /** Refuses what is asked for from now on; null: no more. */
  refuse(error: ParleyError | null): void;
  /** Lets what is under way arrive. */
  settle(): Promise<void>;
}

type Input = SendInput & { readonly messageId?: string; readonly hard?: boolean; readonly seq?: number };

/** The channel of sdk-js before a server that does no more than its promises say. */
export async function realSide(): Promise<ChannelSide> {
  const world = createWorld();
  const server = new Server(world.network);
  const reactions = new Map<string, readonly Reaction[]>();
  let refusal: ParleyError | null = null;

  const found = (id: string | undefined): Message => {
    const one = server.messages.find((each) => each.id === id);
    if (one === undefined) throw new Error(`the server has no message ${id}`);
    return one;
  };
  const put = (changed: Message): Message => {
    server.messages = server.messages.map((each) => (each.id === changed.id ? changed : each));
    return changed;
  };
  const asSeen = (one: Message): Message => ({ ...one, ownReactions: ownOf(one.id) });
  const ownOf = (id: string) => (reactions.get(id) ?? []).filter((each) => each.user.id === 'ada');
  const on = (field: string, work: (input: Input) => Message) =>
    world.network.handlers.set(field, ({ variables }) => {
      if (refusal !== null) throw refusal;
      // The input of the SDK's own documents.
      return { [field]: asSeen(work(variables['input'] as Input)) };
    });
  const grouped = (id: string): Message => {
    const all = reactions.get(id) ?? [];
    const groups = [...new Set(all.map(({ type }) => type))].map((type) => {
      const scores = all.filter((each) => each.type === type).map(({ score }) => score);
      return {
        type,
        count: scores.length,
        sumScores: scores.reduce((sum, score) => sum + score, 0),
        firstAt: at,
        lastAt: at,
      };
    });
    return put({ ...found(id), reactionGroups: groups });
  };
  const create = (author: User, input: SendInput): Message => {
    const created = message(server.head + 1, {
      ...(input.id === undefined ? {} : { id: input.id }),
      user: author,
      text: input.text ?? '',
      parentId: input.parentId ?? null,
      quoted: input.quotedId === undefined ? null : { ...found(input.quotedId), quoted: null },
      mentionedUsers: (input.mentionedUserIds ?? []).map((id) => user(id)),
      custom: input.custom ?? {},
    });
    server.messages.push(created);
    server.append({ __typename: 'MessageCreated', actor: author, message: created });
    return created;
  };

  on('sendMessage', (input) => create(user('ada'), input));
  on('updateMessage', ({ messageId, text }) => {
    const changed = put({ ...found(messageId), text: text ?? '', editedAt: at });
    server.append({ __typename: 'MessageUpdated', actor: user('ada'), message: changed });
    return changed;
  });
  on('deleteMessage', ({ messageId, hard = false }) => {
    const bare = { text: '', attachments: [], mentionedUsers: [], quoted: null, reactionGroups: [], custom: {} };
    const gone: Message = { ...found(messageId), ...bare, deletedAt: at };
    reactions.delete(gone.id);
    if (hard) server.messages = server.messages.filter(({ id }) => id !== gone.id);
    else put(gone);
    server.append({ __typename: 'MessageDeleted', actor: user('ada'), message: gone, hard });
    return gone;
  });
  world.network.handlers.set('addReaction', ({ variables }) => {
    if (refusal !== null) throw refusal;
    const { messageId, type, score, exclusive } = variables['input'] as {
      readonly messageId: string;
      readonly type: string;
      readonly score: number;
      readonly exclusive: boolean;
    };
    const before = reactions.get(messageId) ?? [];
    if (before.some((each) => each.user.id === 'ada' && each.type === type && each.score === score) && !exclusive)
      return { addReaction: asSeen(found(messageId)) };
    const reaction = { type, score, user: user('ada'), createdAt: at };
    const taken = before.filter((each) => each.user.id === 'ada' && (exclusive || each.type === type));
    reactions.set(messageId, [...before.filter((each) => !taken.includes(each)), reaction]);
    const changed = grouped(messageId);
    for (const each of taken.filter((one) => one.type !== type))
      server.append({ __typename: 'ReactionRemoved', actor: user('ada'), message: changed, reaction: each });
    server.append({ __typename: 'ReactionAdded', actor: user('ada'), message: changed, reaction });
    return { addReaction: asSeen(changed) };
  });
  world.network.handlers.set('removeReaction', ({ variables }) => {
    if (refusal !== null) throw refusal;
    const { messageId, type } = variables['input'] as { readonly messageId: string; readonly type: string };
    const [reaction] = ownOf(messageId).filter((each) => each.type === type);
    if (reaction === undefined) return { removeReaction: asSeen(found(messageId)) };
    reactions.set(
      messageId,
      (reactions.get(messageId) ?? []).filter((each) => each !== reaction),
    );
    const changed = grouped(messageId);
    server.append({ __typename: 'ReactionRemoved', actor: user('ada'), message: changed, reaction });
    return { removeReaction: asSeen(changed) };
  });
  world.network.handlers.set('markRead', ({ variables }) => {
    if (refusal !== null) throw refusal;
    const { seq } = variables['input'] as Input;
    const readSeq = Math.min(seq ?? server.head, server.head);
    const unread = server.messages.filter((each) => each.seq > readSeq && each.user?.id !== 'ada');
    return { markRead: { readSeq, unreadCount: unread.length } };
  });

  await world.client.connect();
  await world.settle();
  return {
    channel: world.client.channel(server.id),
    receive: (from, text, mentioned = []) => void create(user(from), { text, mentionedUserIds: mentioned }),
    refuse: (error) => {
      refusal = error;
    },
    settle: world.settle,
  };
}
