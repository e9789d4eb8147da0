import { subprotocol } from '@parley/contracts';
import { WebSocket } from 'ws';
import type { History, Track } from '../history.ts';
import type { Random } from '../random.ts';

/** Somebody who speaks graphql-transport-ws without the SDK and writes down every frame. */
export interface BareClient {
  /** Resolves when every channel is followed for the first time. */
  ready(): Promise<void>;
  close(): void;
}

export interface BareClientOptions {
  readonly url: string;
  readonly token: () => Promise<string>;
  readonly appId: string;
  readonly userId: string;
  readonly channelIds: readonly string[];
  readonly history: History;
  readonly random: Random;
  /** Told in words of a refusal that is final. */
  readonly refused: (detail: string) => void;
}

const message = 'message{id text}';
const document = `subscription($channelId:ID!,$after:Seq){channelEvents(channelId:$channelId,after:$after){__typename
 ...on LoggedEvent{seq} ...on MessageCreated{${message}} ...on MessageUpdated{${message}} ...on MessageDeleted{${message}}
 ...on ReactionAdded{${message}} ...on ReactionRemoved{${message}} ...on ChannelSynced{seq} ...on ChannelReset{seq}}}`;

const pingEveryMs = 5_000;
const answerMs = 5_000;
/** Below the operations that one socket may start in a second. */
const startEveryMs = 25;

interface Frame {
  readonly id?: string;
  readonly type: string;
  readonly payload?: unknown;
}
interface Event {
  readonly __typename: string;
  readonly seq?: number;
  readonly message?: { readonly id: string; readonly text: string };
}

/** Follows channels over any number of connections, asking each time for what comes after the last event it has. */
export function openBareClient(options: BareClientOptions): BareClient {
  const { url, token, appId, userId, channelIds, history, random, refused } = options;
  const tracks = new Map<string, Track>();
  const synced = new Set<string>();
  let socket: WebSocket | undefined;
  let closed = false;
  let lastId = 0;
  let failures = 0;
  let settleReady: () => void = () => undefined;
  const allSynced = new Promise<void>((resolve) => {
    settleReady = resolve;
  });
  const timers = new Set<NodeJS.Timeout>();
  const later = (ms: number, run: () => void): void => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      if (!closed) run();
    }, ms);
    timers.add(timer);
  };

  const take = (channelId: string, event: Event): void => {
    const { __typename: typename, seq } = event;
    if (seq === undefined) return;
    const at = Date.now();
    const track = tracks.get(channelId);
    if (typename === 'ChannelSynced') {
      if (track === undefined) {
        const begun: Track = { appId, channelId, userId, via: 'bare', startSeq: seq, observations: [] };
        tracks.set(channelId, begun);
        history.tracks.push(begun);
      }
      synced.add(channelId);
      if (synced.size === channelIds.length) settleReady();
      return;
    }
    // What comes before the first sync is the past, which this client did not ask for.
    if (track === undefined) return;
    if (typename === 'ChannelReset') track.observations.push({ kind: 'reset', at, seq });
    else
      track.observations.push({
        kind: 'event',
        at,
        typename,
        seq,
        messageId: event.message?.id ?? null,
        text: event.message?.text ?? null,
      });
  };

  const again = (): void => {
    failures += 1;
    later(Math.min(2_000, 100 * 2 ** Math.min(failures, 5)) * (0.5 + random.next()), connect);
  };

  const connect = (): void => {
    const own = new WebSocket(url, subprotocol, { handshakeTimeout: answerMs });
    socket = own;
    const operations = new Map<string, string>();
    let deadline: NodeJS.Timeout | undefined = setTimeout(() => own.terminate(), answerMs);
    let beat: NodeJS.Timeout | undefined;
    const say = (frame: Frame): void => {
      if (own.readyState === WebSocket.OPEN) own.send(JSON.stringify(frame));
    };
    const follow = (channelId: string): void => {
      lastId += 1;
      const id = String(lastId);
      operations.set(id, channelId);
      const track = tracks.get(channelId);
      const after = track === undefined ? undefined : (track.observations.at(-1)?.seq ?? track.startSeq);
      say({ id, type: 'subscribe', payload: { query: document, variables: { channelId, after } } });
    };
    const heard = (): void => {
      clearTimeout(deadline);
      deadline = undefined;
    };
    own.on('open', () => {
      token().then(
        (text) => say({ type: 'connection_init', payload: { token: text } }),
        () => own.terminate(),
      );
    });
    own.on('message', (data: Buffer) => {
      heard();
      // Our own server wrote it.
      const frame = JSON.parse(data.toString()) as Frame;
      if (frame.type === 'ping') return say({ type: 'pong' });
      if (frame.type === 'connection_ack') {
        failures = 0;
        channelIds.forEach((channelId, index) => {
          later(index * startEveryMs, () => {
            if (own === socket) follow(channelId);
          });
        });
        beat = setInterval(() => {
          say({ type: 'ping' });
          deadline ??= setTimeout(() => own.terminate(), answerMs);
        }, pingEveryMs);
        return;
      }
      const channelId = operations.get(frame.id ?? '');
      if (channelId === undefined) return;
      if (frame.type === 'next') {
        const { data: result } = frame.payload as { data?: { channelEvents?: Event } };
        if (result?.channelEvents !== undefined) take(channelId, result.channelEvents);
        return;
      }
      operations.delete(frame.id ?? '');
      const { retryable, code } = faultIn(frame.payload);
      if (!retryable) return refused(`the bare client of ${userId} was refused ${channelId} with ${code}`);
      later(500, () => {
        if (own === socket) follow(channelId);
      });
    });
    own.on('error', () => undefined);
    own.on('close', () => {
      clearTimeout(deadline);
      clearInterval(beat);
      if (!closed && own === socket) again();
    });
  };
  connect();

  return {
    ready: () => allSynced,
    close() {
      closed = true;
      for (const timer of timers) clearTimeout(timer);
      socket?.terminate();
    },
  };
}

/** What an error frame says; a stream that just ends may be asked for again. */
function faultIn(payload: unknown): { readonly retryable: boolean; readonly code: string } {
  const faults = Array.isArray(payload) ? (payload as { extensions?: { retryable?: boolean; code?: string } }[]) : [];
  const { retryable = true, code = 'none' } = faults[0]?.extensions ?? {};
  return { retryable, code };
}
