import type { History, Observation, Track } from '../history.ts';
import { type FinalState, placeOf, type Violation } from './state.ts';

/** What each client took in: in order, without holes, once, nothing of another app, and up to the end. */
export function checkTracks(history: History, state: FinalState): Violation[] {
  const heads = new Map(state.rows.map((channel) => [placeOf(channel), channel.head]));
  const known = new Map(history.sends.map((send) => [send.messageId, send]));
  return history.tracks.flatMap((track) => {
    const whose = `${track.via} client of ${track.userId} on ${track.channelId}`;
    const found = checkOrder(track, whose);
    const last = track.observations.reduce((seq, observation) => Math.max(seq, observation.seq), track.startSeq);
    const head = heads.get(placeOf(track)) ?? 0;
    if (last < head) found.push({ breach: 'lost', detail: `${whose} stopped at ${last}, the log is at ${head}` });
    for (const observation of track.observations) {
      if (observation.kind !== 'event' || observation.messageId === null) continue;
      const send = known.get(observation.messageId);
      if (send === undefined)
        found.push({ breach: 'phantom', detail: `${whose} saw message ${observation.messageId}, which nobody sent` });
      else if (placeOf(send) !== placeOf(track))
        found.push({ breach: 'crossed', detail: `${whose} saw "${send.text}" of ${placeOf(send)}` });
      else if (send.outcome === 'fail')
        found.push({ breach: 'phantom', detail: `${whose} saw "${send.text}", which was refused with ${send.code}` });
    }
    return [...found, ...checkDelivery(track, history, whose)];
  });
}

function checkOrder(track: Track, whose: string): Violation[] {
  const found: Violation[] = [];
  const created = new Set<string>();
  let seq = track.startSeq;
  for (const observation of track.observations) {
    if (observation.kind === 'reset') {
      seq = Math.max(seq, observation.seq);
      continue;
    }
    if (observation.seq <= seq) {
      const breach = wasSeen(track, observation) ? 'duplicated' : 'reordered';
      found.push({ breach, detail: `${whose} took ${observation.seq} in after ${seq}` });
    } else if (observation.seq > seq + 1) {
      found.push({ breach: 'lost', detail: `${whose} went from ${seq} to ${observation.seq}` });
    }
    seq = Math.max(seq, observation.seq);
    if (observation.typename !== 'MessageCreated' || observation.messageId === null) continue;
    if (created.has(observation.messageId))
      found.push({ breach: 'duplicated', detail: `${whose} saw message ${observation.messageId} made twice` });
    created.add(observation.messageId);
  }
  return found;
}

const wasSeen = (track: Track, observation: Observation): boolean =>
  observation.seq <= track.startSeq ||
  track.observations.some(
    (other) =>
      other !== observation && other.kind === 'event' && other.seq === observation.seq && other.at <= observation.at,
  );

/** Each acknowledged send that came after the client did was seen, unless a snapshot took its place. */
function checkDelivery(track: Track, history: History, whose: string): Violation[] {
  const seen = new Set<string>();
  let snapshotUpTo = track.startSeq;
  for (const observation of track.observations) {
    if (observation.kind === 'reset') snapshotUpTo = Math.max(snapshotUpTo, observation.seq);
    else if (observation.messageId !== null) seen.add(observation.messageId);
  }
  return history.sends
    .filter((send) => send.outcome === 'ok' && placeOf(send) === placeOf(track))
    .filter((send) => (send.seq ?? 0) > snapshotUpTo && !seen.has(send.messageId))
    .map((send) => ({ breach: 'lost', detail: `${whose} never saw seq ${send.seq}, "${send.text}"` }));
}
