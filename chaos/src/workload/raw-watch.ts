import { subprotocol } from '@parley/contracts';
import { WebSocket } from 'ws';

/** How a {@link RawWatch} ended. `code`: of the socket's close, or of the error that ended the subscription. */
export interface WatchEnd {
  readonly by: 'socket' | 'error' | 'completion';
  readonly code: number | string;
  readonly at: number;
}

/** An event as it came, and when, in ms since 1970. */
export interface SeenEvent {
  readonly typename: string;
  readonly seq: number;
  readonly text: string | null;
  readonly at: number;
}

/** One socket with one channel, which does nothing by itself: no second attempt, no resume. */
export interface RawWatch {
  /** Logged events and resets, as they came. */
  readonly events: readonly SeenEvent[];
  /** Resolves when the subscription is live, or has ended. */
  readonly synced: Promise<void>;
  readonly ended: Promise<WatchEnd>;
  /** Undefined while it goes on. */
  readonly end: WatchEnd | undefined;
  /** Shows the server another token, as a client does before the first one ends. */
  renew(token: string): void;
  /** Stops taking bytes from the kernel. */
  stopReading(): void;
  readOn(): void;
  close(): void;
}

export interface RawWatchOptions {
  readonly url: string;
  readonly token: string;
  readonly channelId: string;
  /** Replay what follows; absent: from now on. */
  readonly after?: number;
  /** The website that it comes from. */
  readonly origin?: string;
  /** Of the log that `after` is a position in. */
  readonly epoch?: string;
}

interface Frame {
  readonly type: string;
  readonly payload?: unknown;
}

export const watchDocument = `subscription($channelId:ID!,$after:Seq,$epoch:String){channelEvents(channelId:$channelId,after:$after,epoch:$epoch){__typename
 ...on LoggedEvent{seq} ...on MessageCreated{message{text}} ...on ChannelSynced{seq} ...on ChannelReset{seq}}}`;

export function openRawWatch({ url, token, channelId, after, epoch, origin }: RawWatchOptions): RawWatch {
  const socket = new WebSocket(url, subprotocol, {
    handshakeTimeout: 10_000,
    ...(origin === undefined ? {} : { origin }),
  });
  const events: SeenEvent[] = [];
  let end: WatchEnd | undefined;
  const synced = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<WatchEnd>();
  const say = (frame: object) => socket.send(JSON.stringify(frame));
  const finish = (by: WatchEnd['by'], code: number | string) => {
    if (end !== undefined) return;
    end = { by, code, at: Date.now() };
    ended.resolve(end);
    synced.resolve();
  };
  const take = (payload: unknown) => {
    // The server answers in the shape that the document asks for.
    const event = (payload as { readonly data?: { readonly channelEvents?: Taken } }).data?.channelEvents;
    if (event === undefined) return;
    if (event.__typename === 'ChannelSynced') synced.resolve();
    else if (event.seq !== undefined)
      events.push({ typename: event.__typename, seq: event.seq, text: event.message?.text ?? null, at: Date.now() });
  };
  socket.on('open', () => say({ type: 'connection_init', payload: { token } }));
  socket.on('message', (data: Buffer) => {
    const { type, payload } = JSON.parse(data.toString()) as Frame;
    if (type === 'connection_ack')
      say({
        id: 'watch',
        type: 'subscribe',
        payload: { query: watchDocument, variables: { channelId, after, epoch } },
      });
    else if (type === 'ping') say({ type: 'pong' });
    else if (type === 'next') take(payload);
    else if (type === 'error') finish('error', codeOf(payload));
    else if (type === 'complete') finish('completion', '');
  });
  socket.on('error', () => undefined);
  socket.on('close', (code) => finish('socket', code));
  return {
    events,
    synced: synced.promise,
    ended: ended.promise,
    get end() {
      return end;
    },
    renew: (other) => say({ type: 'ping', payload: { token: other } }),
    stopReading: () => socket.pause(),
    readOn: () => socket.resume(),
    close: () => socket.terminate(),
  };
}

interface Taken {
  readonly __typename: string;
  readonly seq?: number;
  readonly message?: { readonly text: string };
}

function codeOf(payload: unknown): string {
  // An `error` frame carries GraphQL errors, of our own server.
  const [first] = payload as readonly { readonly extensions?: { readonly code?: string } }[];
  return first?.extensions?.code ?? 'none';
}
