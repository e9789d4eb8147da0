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
  let before = channel.state.get();
  let snapshotSeq = 0;
  let known = 0;
  channel.on((event) => {
    if (event.__typename === 'ChannelReset') resetting = true;
    if (!isLogged(event)) return;
    // After several gaps in a row the SDK loads a snapshot by itself; what it holds was not missed.
    const covered = event.seq > known + 1 && event.seq <= snapshotSeq + 1;
    if (resetting || (begun && covered)) observations.push({ kind: 'reset', at: Date.now(), seq: event.seq - 1 });
    resetting = false;
    known = event.seq;
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
    const state = channel.state.get();
    const { status, data } = state;
    // Events change one of the two; only a snapshot changes both.
    if (data !== null && data !== before.data && state.capabilities !== before.capabilities) snapshotSeq = data.seq;
    before = state;
    // A snapshot that nothing followed yet stands for all that it holds.
    if (!begun || status !== 'live' || data === null || (!resetting && snapshotSeq <= known)) return;
    observations.push({ kind: 'reset', at: Date.now(), seq: resetting ? data.seq : snapshotSeq });
    known = Math.max(known, snapshotSeq);
    resetting = false;
  });
  // Nobody reads here; what is compared in the end are the newest messages.
  channel.watch({ openAt: 'newest' });
  await channel.ready();
  begun = true;
  known = Math.max(known, channel.state.get().data?.seq ?? 0);
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
