import { subprotocol } from '@parley/contracts';
import WebSocket from 'ws';
import { parseMessage, type ServerMessage } from './server-message.ts';

/** What went wrong in all of a group. */
export interface ResumeTally {
  /** Events that came again. */
  repeated: number;
  /** Events that were skipped. */
  skipped: number;
  resets: number;
  refused: number;
  /** How connections ended, by close code. */
  readonly ends: Record<string, number>;
}

export interface ResumeClientOptions {
  readonly token: string;
  readonly channelId: string;
  readonly tally: ResumeTally;
}

const channelDocument =
  'subscription Channel($id:ID!,$after:Seq){channelEvents(channelId:$id,after:$after){__typename ...on LoggedEvent{seq actor{id}} ...on MessageCreated{message{id text user{id name}}} ...on ChannelSynced{seq reads{userId readSeq}} ...on ChannelReset{seq}}}';
const inboxDocument =
  'subscription Inbox($after:String){inbox(after:$after){__typename cursor at ...on ChannelBumped{channelId seq unreadCount} ...on UnreadChanged{totalUnread}}}';

/** As the SDK waits before its attempt to connect: full jitter, from 0.3 s doubling to 20 s. */
const backoffMs = (failures: number) => Math.random() * Math.min(20_000, 300 * 2 ** (Math.max(1, failures) - 1));

/** A client with an inbox and one channel that comes back by itself, and holds the server to what it promises. */
export class ResumeClient {
  seq: number | null = null;
  channelSynced = false;
  inboxSynced = false;
  /** On the clock of `performance.now()`. */
  syncedAt = 0;
  readonly #options: ResumeClientOptions;
  #cursor: string | null = null;
  #socket: WebSocket | undefined;
  #failures = 0;
  #url: string | null = null;
  #isHeld = false;
  #stopped = false;

  constructor(options: ResumeClientOptions) {
    this.#options = options;
  }

  get synced(): boolean {
    return this.channelSynced && this.inboxSynced;
  }

  /** Where it connects from now on; with null it waits until there is an address. */
  aim(url: string | null): void {
    this.#url = url;
    if (url === null || !this.#isHeld) return;
    this.#isHeld = false;
    setTimeout(() => this.connect(), backoffMs(1));
  }

  connect(): void {
    if (this.#url === null) {
      this.#isHeld = true;
      return;
    }
    this.channelSynced = false;
    this.inboxSynced = false;
    const socket = new WebSocket(this.#url, subprotocol, { perMessageDeflate: false, skipUTF8Validation: true });
    this.#socket = socket;
    const say = (message: object) => socket.send(JSON.stringify(message));
    socket.on('open', () => say({ type: 'connection_init', payload: { token: this.#options.token } }));
    socket.on('message', (data) => {
      const message = parseMessage(data);
      if (message.type === 'next') this.#hear(message);
      else if (message.type === 'connection_ack') {
        this.#failures = 0;
        const { channelId } = this.#options;
        say({ type: 'subscribe', id: '1', payload: { query: inboxDocument, variables: { after: this.#cursor } } });
        say({
          type: 'subscribe',
          id: '2',
          payload: { query: channelDocument, variables: { id: channelId, after: this.seq } },
        });
      } else if (message.type === 'ping') say({ type: 'pong' });
      else if (message.type === 'error') this.#refuse();
    });
    socket.on('error', () => undefined);
    socket.on('close', (code) => {
      const { ends } = this.#options.tally;
      ends[code] = (ends[code] ?? 0) + 1;
      this.channelSynced = false;
      this.inboxSynced = false;
      if (this.#stopped) return;
      this.#failures += 1;
      setTimeout(() => this.connect(), backoffMs(this.#failures));
    });
  }

  stop(): void {
    this.#stopped = true;
    this.#socket?.terminate();
  }

  #refuse(): void {
    this.#options.tally.refused += 1;
    // As the SDK does with what may be tried again: from the beginning.
    this.#socket?.terminate();
  }

  #hear({ payload }: ServerMessage): void {
    const { channelEvents, inbox } = payload?.data ?? {};
    if (inbox !== undefined) {
      this.#cursor = inbox.cursor;
      if (inbox.__typename === 'InboxSynced') this.inboxSynced = true;
    } else if (channelEvents !== undefined) this.#take(channelEvents);
    if (this.synced && this.syncedAt === 0) this.syncedAt = performance.now();
  }

  #take({ __typename: name, seq = 0 }: { readonly __typename: string; readonly seq?: number }): void {
    const { tally } = this.#options;
    if (name === 'ReadAdvanced' || name === 'TypingChanged') return;
    if (name === 'ChannelSynced' || name === 'ChannelReset') {
      if (name === 'ChannelReset') tally.resets += 1;
      else this.channelSynced = true;
      if (this.seq !== null && name === 'ChannelSynced' && seq !== this.seq) tally.skipped += 1;
      this.seq = seq;
      return;
    }
    if (this.seq !== null && seq <= this.seq) tally.repeated += 1;
    else if (this.seq !== null && seq > this.seq + 1) tally.skipped += seq - this.seq - 1;
    this.seq = seq;
  }
}
