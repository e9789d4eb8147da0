import { type Channel, isLogged } from '@parley/sdk-js';
import type { History, Track } from '../history.ts';

/** Writes down what the SDK hands to whoever listens on a channel. */
export async function trackChannel(
  history: History,
  channel: Channel,
  { appId, userId }: { readonly appId: string; readonly userId: string },
): Promise<Track> {
  let begun = false;
  let resetting = false;
  const observations: Track['observations'] = [];
  channel.on((event) => {
    if (event.__typename === 'ChannelReset') resetting = true;
    if (!isLogged(event)) return;
    if (resetting) observations.push({ kind: 'reset', at: Date.now(), seq: event.seq - 1 });
    resetting = false;
    const message = 'message' in event ? event.message : null;
    observations.push({
      kind: 'event',
      at: Date.now(),
      typename: event.__typename,
      seq: event.seq,
      messageId: message?.id ?? null,
      text: message?.text ?? null,
    });
  });
  channel.state.subscribe(() => {
    const { status, data } = channel.state.get();
    // A snapshot that nothing followed yet stands for all that it holds.
    if (!begun || !resetting || status !== 'live' || data === null) return;
    resetting = false;
    observations.push({ kind: 'reset', at: Date.now(), seq: data.seq });
  });
  channel.watch();
  await channel.ready();
  begun = true;
  const track: Track = {
    appId,
    channelId: channel.id,
    userId,
    via: 'sdk',
    // Nothing is written before everybody has begun, so the snapshot's head is where this track starts.
    startSeq: channel.state.get().data?.seq ?? 0,
    observations,
  };
  history.tracks.push(track);
  return track;
}
