import type { RawWatch, RawWatchOptions, SeenEvent, WatchEnd } from './raw-watch.ts';
import { watchDocument } from './raw-watch.ts';

interface StreamResult {
  readonly data?: { readonly channelEvents?: { readonly __typename: string; readonly seq?: number } };
  readonly errors?: readonly { readonly extensions?: { readonly code?: string } }[];
}

/** As {@link RawWatch}, over an event stream. */
export function openStreamWatch({ url, token, channelId, after, origin }: RawWatchOptions): RawWatch {
  const controller = new AbortController();
  const events: SeenEvent[] = [];
  let end: WatchEnd | undefined;
  const synced = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<WatchEnd>();
  const finish = (by: WatchEnd['by'], code: number | string) => {
    if (end !== undefined) return;
    end = { by, code, at: Date.now() };
    ended.resolve(end);
    synced.resolve();
  };
  const take = ({ data, errors }: StreamResult) => {
    const event = data?.channelEvents;
    if (errors !== undefined) finish('error', errors[0]?.extensions?.code ?? 'none');
    else if (event?.__typename === 'ChannelSynced') synced.resolve();
    else if (event?.seq !== undefined)
      events.push({ typename: event.__typename, seq: event.seq, text: null, at: Date.now() });
  };
  const run = async () => {
    const response = await fetch(url.replace(/^ws/, 'http'), {
      method: 'POST',
      headers: {
        accept: 'text/event-stream',
        'content-type': 'application/json',
        authorization: `Bearer ${token}`,
        ...(origin === undefined ? {} : { origin }),
      },
      body: JSON.stringify({ query: watchDocument, variables: { channelId, after } }),
      signal: controller.signal,
    });
    // The server answers in the shape that the document asks for.
    if (response.headers.get('content-type')?.startsWith('application/json') === true)
      return take((await response.json()) as StreamResult);
    let text = '';
    for await (const chunk of (response.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream())) {
      text += chunk;
      for (let at = text.indexOf('\n\n'); at >= 0; at = text.indexOf('\n\n')) {
        const [, name = '', data = ''] = /^event: (\w+)\ndata: (.*)$/s.exec(text.slice(0, at)) ?? [];
        text = text.slice(at + 2);
        if (name === 'complete') finish('completion', '');
        else if (data !== '') take(JSON.parse(data) as StreamResult);
      }
    }
  };
  void run().then(
    // A stream that ends without `complete` says no code: who opens it again hears why.
    () => finish('socket', 'cut'),
    () => finish('socket', 'cut'),
  );
  return {
    events,
    synced: synced.promise,
    ended: ended.promise,
    get end() {
      return end;
    },
    // An event stream has no way to send a new token.
    renew: () => undefined,
    stopReading: () => undefined,
    readOn: () => undefined,
    close: () => controller.abort(),
  };
}
