import { type Channel, type Member, type Message, ParleyError, type User } from '@parley/contracts';
import { buildChannel, buildMember, buildMessage, buildUser, builtAt } from '@parley/testkit/builders';
import type { ChannelEvent, LoggedEvent } from '../src/channels/channel-event.ts';
import type { MessagePage, PageArguments } from '../src/messages/message-page.ts';
import type { FakeNetwork, FakeStream } from './fake-network.ts';

export const at = builtAt;

export const user = (id: string, parts: Partial<User> = {}): User => buildUser({ id, online: true, ...parts });

export const member = (id: string, role = 'member'): Member => buildMember({ user: user(id), role });

export const message = (seq: number, parts: Partial<Message> = {}): Message =>
  buildMessage({ seq, user: user('bob'), ...parts });

export const channelData = (parts: Partial<Channel> = {}): Channel => buildChannel({ name: 'General', ...parts });

type LoggedDraft<E extends LoggedEvent = LoggedEvent> = E extends LoggedEvent
  ? Omit<E, 'seq' | 'channelId' | 'at' | 'actor'> & { readonly actor?: User | null }
  : never;

/** One channel on a fake server: a log, a timeline, and whoever follows it. */
export class FakeChannel {
  readonly id = 'messaging:general';
  readonly log: LoggedEvent[] = [];
  messages: Message[] = [];
  members: Member[] = [member('ada', 'owner'), member('bob')];
  viewer = {
    membership: member('ada', 'owner'),
    capabilities: ['read-channel', 'send-message'],
    readSeq: 0,
    unreadCount: 0,
    unreadMentions: 0,
  };
  /** Events up to here are pruned. */
  floor = 0;
  /** Of the log. */
  epoch = 'one';
  readonly #network: FakeNetwork;

  constructor(network: FakeNetwork) {
    this.#network = network;
    network.handlers.set('Channel', () => this.snapshot());
    network.handlers.set('Messages', ({ variables }) => ({
      channel: {
        messages: this.page(variables),
      },
    }));
    network.handlers.set('ChannelViewer', () => ({ channel: { seq: this.head, viewer: this.viewer } }));
    network.handlers.set('Me', () => ({ me: user('ada') }));
    network.handlers.set('setTyping', () => ({ setTyping: true }));
    network.handlers.set('sendMessage', ({ variables }) => ({
      sendMessage: this.send('ada', variables['input'] as { id: string; text: string }),
    }));
    network.onStream.set('ChannelEvents', (stream) => this.#follow(stream));
  }

  get head(): number {
    return this.log.at(-1)?.seq ?? this.floor;
  }

  get followers(): FakeStream[] {
    return this.#network.openStreams('ChannelEvents');
  }

  snapshot(): unknown {
    return {
      channel: {
        ...channelData({ seq: this.head, memberCount: this.members.length }),
        epoch: this.epoch,
        viewer: this.viewer,
        members: { nodes: this.members },
        messages: this.page({ last: 30 }),
      },
    };
  }

  /** A page as the API cuts it; a cursor is the position of its message. @throws invalid_input when there is no message to cut around */
  page(asked: PageArguments): MessagePage {
    return pageOf(this.messages, asked);
  }

  /** Adds to the log, and delivers to whoever follows unless asked not to. */
  append(draft: LoggedDraft, deliver = true): LoggedEvent {
    const seq = this.head + 1;
    // The draft has every field of its kind of event but those that are filled in here.
    const event = { actor: user('bob'), ...draft, seq, channelId: this.id, at } as LoggedEvent;
    this.log.push(event);
    if (deliver) this.publish(event);
    return event;
  }

  /** An event of a kind that only a newer server knows. */
  appendUnknown(typename: string, fields: object): void {
    // No type describes what this version does not know.
    this.append({ __typename: typename, ...fields } as unknown as LoggedDraft);
  }

  publish(event: ChannelEvent): void {
    for (const stream of this.followers) stream.next({ channelEvents: event });
  }

  /** A message as somebody sends it; the same id is the same message. */
  send(author: string, { id, text }: { id?: string; text: string }, deliver = true): Message {
    const known = this.messages.find((one) => one.id === id);
    if (known !== undefined) return known;
    const seq = this.head + 1;
    const sent = message(seq, { user: user(author), text, ...(id === undefined ? {} : { id }) });
    this.messages.push(sent);
    this.append({ __typename: 'MessageCreated', message: sent, actor: user(author) }, deliver);
    return sent;
  }

  /** The text of a message becomes another one. */
  edit(known: Message, text: string): void {
    const edited = { ...known, text, editedAt: at };
    this.messages = this.messages.map((one) => (one.id === known.id ? edited : one));
    this.append({ __typename: 'MessageUpdated', message: edited });
  }

  /** A message is deleted for good. */
  erase(known: Message): void {
    this.messages = this.messages.filter(({ id }) => id !== known.id);
    this.append({ __typename: 'MessageDeleted', message: { ...known, text: '', deletedAt: at }, hard: true });
  }

  #follow(stream: FakeStream): void {
    const after = Number(stream.variables['after'] ?? this.head);
    const epoch = stream.variables['epoch'] ?? this.epoch;
    const stamp = { channelId: this.id, at, epoch: this.epoch };
    if (after < this.floor || epoch !== this.epoch) {
      stream.next({ channelEvents: { __typename: 'ChannelReset', seq: this.head, ...stamp } });
    } else {
      for (const event of this.log) if (event.seq > after) stream.next({ channelEvents: event });
    }
    stream.next({ channelEvents: { __typename: 'ChannelSynced', seq: this.head, reads: [], ...stamp } });
  }
}

/** There is nothing beside the page. */
export const wholePage = { hasPreviousPage: false, hasNextPage: false, startCursor: null, endCursor: null };

/** The page of a timeline that the API gives. */
export function pageOf(timeline: readonly Message[], asked: PageArguments): MessagePage {
  const [from, to] = rangeOf(timeline, asked);
  const nodes = timeline.slice(from, to).map((one) => ({ ...one, ownReactions: one.ownReactions ?? [] }));
  const cursorOf = (one: Message | undefined) => (one === undefined ? null : `${one.seq}`);
  return {
    nodes,
    pageInfo: {
      hasPreviousPage: from > 0,
      hasNextPage: to < timeline.length,
      startCursor: cursorOf(nodes[0]),
      endCursor: cursorOf(nodes.at(-1)),
    },
  };
}

/** Where a page begins and ends. */
function rangeOf(
  all: readonly Message[],
  { after, before, around, aroundSeq, ...sizes }: PageArguments,
): [number, number] {
  const count = sizes.first ?? sizes.last ?? 25;
  const olderThan = (seq: number) => all.filter((one) => one.seq < seq).length;
  if (typeof after === 'string') return [olderThan(Number(after) + 1), olderThan(Number(after) + 1) + count];
  if (typeof before === 'string') return [Math.max(0, olderThan(Number(before)) - count), olderThan(Number(before))];
  const middle =
    typeof around === 'string' ? all.find(({ id }) => id === around)?.seq : (aroundSeq ?? Number.POSITIVE_INFINITY);
  if (middle === undefined)
    throw new ParleyError('invalid_input', 'unable to go on; around is wrong', { field: 'around' });
  const from = Math.max(0, Math.min(olderThan(middle) - Math.floor(count / 2), all.length - count));
  return [from, from + count];
}
