import type { Channel, Member, Message, User } from '@parley/contracts';
import { buildChannel, buildMember, buildMessage, buildUser, builtAt } from '@parley/testkit/builders';
import type { ChannelEvent, LoggedEvent } from '../src/channels/channel-event.ts';
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
    network.handlers.set('ChannelViewer', () => ({ channel: { viewer: this.viewer } }));
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
    const nodes = this.messages.slice(-30).map((one) => ({ ...one, ownReactions: one.ownReactions ?? [] }));
    return {
      channel: {
        ...channelData({ seq: this.head, memberCount: this.members.length }),
        epoch: this.epoch,
        viewer: this.viewer,
        members: { nodes: this.members },
        messages: { nodes, pageInfo: { hasPreviousPage: this.messages.length > 30, startCursor: 'page-2' } },
      },
    };
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
