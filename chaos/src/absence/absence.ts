import { setTimeout as delay } from 'node:timers/promises';
import { createClient } from '@parley/sdk-js';
import { checkSends } from '../checker/sends.ts';
import type { FinalState, Violation } from '../checker/state.ts';
import { checkTracks } from '../checker/tracks.ts';
import { checkViews } from '../checker/views.ts';
import { createHistory } from '../history.ts';
import { readAnswer, readRows } from '../read-back.ts';
import { viewOf } from '../workload/load.ts';
import { openRawWatch } from '../workload/raw-watch.ts';
import { trackChannel } from '../workload/track-channel.ts';
import type { Place, World } from '../world/world.ts';
import { sendMany } from './send-many.ts';

/** One person who goes away and comes back. */
export interface Absence {
  readonly name: string;
  /** Messages that are written while nobody looks. */
  readonly missed: number;
  /** Whether the log still reaches back to where they left. */
  readonly resumable: boolean;
  /** Lets the time pass. */
  pass(appId: string): Promise<void>;
}

export interface Returned {
  readonly acknowledged: number;
  readonly violations: readonly Violation[];
  /** From the call to connect until all was there, ms. */
  readonly wholeMs: number;
  /** Events that came in order after the return. */
  readonly replayed: number;
}

const userId = 'bob';
const missedAfterwards = 10;
const wholeWithinMs = 30_000;
const lookEveryMs = 50;

/** Somebody follows a channel by the SDK, is away, and comes back by the SDK and, from the same place in the log, by the bare protocol. */
export async function goAway(
  world: World,
  place: Place,
  { name, missed, resumable, pass }: Absence,
): Promise<Returned> {
  const tenant = await world.tenant();
  const { appId, server } = tenant;
  await server.upsertUsers([{ id: 'ada' }, { id: userId }]);
  const { id: channelId } = await server.createChannel({ type: 'messaging', key: 'c', memberIds: ['ada', userId] });
  const history = createHistory();
  const token = () => tenant.token(userId);
  const client = createClient({ ...place, getToken: token, logLevel: 'silent' });
  const channel = client.channel(channelId);
  const track = await trackChannel(history, channel, { appId, userId });

  const wrong = async (): Promise<Violation[]> => {
    const state: FinalState = {
      rows: await readRows(world.databaseUrl, appId),
      answers: [await readAnswer(tenant, channelId, userId)],
      clients: [viewOf(client, { appId, userId, channelId })],
      inboxes: [],
    };
    // A pruned log is no longer there to be held against what was sent.
    return [...(resumable ? checkSends(history, state) : []), ...checkTracks(history, state), ...checkViews(state)];
  };
  const settle = async (): Promise<Violation[]> => {
    const deadline = performance.now() + wholeWithinMs;
    for (;;) {
      const found = await wrong();
      if (found.length === 0 || performance.now() > deadline) return found;
      await delay(lookEveryMs);
    }
  };
  try {
    await sendMany(history, tenant, channelId, 3);
    const before = await settle();
    const last = track.observations.at(-1)?.seq ?? track.startSeq;
    const seenBefore = track.observations.length;

    client.disconnect();
    await sendMany(history, tenant, channelId, missed);
    await pass(appId);
    await sendMany(history, tenant, channelId, missedAfterwards);
    const backAt = performance.now();
    const bare = openRawWatch({ url: place.subscriptionsUrl, token: await token(), channelId, after: last });
    await client.connect();
    const violations = [...before, ...(await settle())];
    const wholeMs = Math.round(performance.now() - backAt);
    await bare.synced;
    bare.close();

    const broken = (detail: string) =>
      void violations.push({ breach: 'promise', detail: `away for ${name}: ${detail}` });
    const seen = track.observations.slice(seenBefore);
    const seqs = bare.events.map(({ seq }) => seq);
    if (resumable) {
      if (seen.length !== missed + missedAfterwards) broken(`the SDK took ${seen.length} events in`);
      if (seen.some(({ kind }) => kind === 'reset')) broken('the SDK was told to start over');
      if (seqs.length !== missed + missedAfterwards || seqs.some((seq, index) => seq !== last + 1 + index))
        broken(`the bare client got ${seqs.length} events, from ${seqs[0]} to ${seqs.at(-1)}`);
    } else {
      if (!seen.some(({ kind }) => kind === 'reset')) broken('the SDK was not told to start over');
      if (bare.events[0]?.typename !== 'ChannelReset') broken(`the bare client got ${bare.events[0]?.typename} first`);
    }
    return { acknowledged: history.sends.length, violations, wholeMs, replayed: seen.length };
  } finally {
    client.disconnect();
  }
}
