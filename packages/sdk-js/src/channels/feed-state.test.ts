import { ParleyError } from '@parley/contracts';
import { buildChannel, buildEvent } from '@parley/testkit/builders';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type FeedEffect, type FeedInput, type FeedState, newFeed, nextFeed } from './feed-state.ts';
import type { Snapshot } from './snapshot.ts';

const snapshotAt = (seq: number, epoch = 'one'): Snapshot => ({
  epoch,
  data: buildChannel({ seq }),
  viewer: { membership: null, capabilities: [], readSeq: 0, unreadCount: 0, unreadMentions: 0 },
  members: [],
  messages: { nodes: [], pageInfo: { hasPreviousPage: false, hasNextPage: false, startCursor: null, endCursor: null } },
  newest: [],
});
const created = (seq: number): FeedInput => ({ name: 'event', event: buildEvent('MessageCreated', { seq }) });
const synced = (seq: number): FeedInput => ({ name: 'event', event: buildEvent('ChannelSynced', { seq }) });
const watched: FeedInput = { name: 'watched', now: 0, elsewhere: false };
const loaded = (seq: number, epoch?: string): FeedInput => ({
  name: 'loaded',
  snapshot: snapshotAt(seq, epoch),
  now: 0,
});

function play(...inputs: readonly FeedInput[]) {
  let state = newFeed;
  const effects: FeedEffect[] = [];
  for (const input of inputs) {
    const [next, done] = nextFeed(state, input);
    state = next;
    effects.push(...done);
  }
  return { state, effects, names: effects.map(({ name }) => name) };
}
const delivered = (effects: readonly FeedEffect[]): number[] =>
  effects.flatMap((effect) => (effect.name === 'deliver' && 'seq' in effect.event ? [Number(effect.event.seq)] : []));

test('a snapshot, then the events after it, then live', () => {
  const { state, names } = play(watched, loaded(3), created(4), synced(4));
  expect(names).toEqual(['status', 'load', 'reset', 'subscribe', 'deliver', 'deliver', 'status']);
  expect(state).toMatchObject({ status: 'live', sequence: { head: 4 }, stream: { epoch: 'one' } });
});

test('an input changes a copy', () => {
  const before: FeedState = Object.freeze({ ...newFeed, sequence: Object.freeze({ ...newFeed.sequence }) });
  const [after] = nextFeed(before, watched);
  expect(before).toEqual(newFeed);
  expect(after).not.toBe(before);
});

test('an event at the seam of replay and live is delivered once', () => {
  const { effects } = play(watched, loaded(3), created(3), created(4), created(4), synced(4), created(5));
  expect(delivered(effects.filter((effect) => effect.name !== 'status'))).toEqual([4, 4, 5]);
  // The second 4 is that of the marker: positions of logged events alone have no repetition.
  const logged = effects.filter((effect) => effect.name === 'deliver' && effect.event.__typename === 'MessageCreated');
  expect(delivered(logged)).toEqual([4, 5]);
});

test('the third gap in a row asks for a snapshot instead of the log', () => {
  const due: FeedInput = { name: 'due' };
  const once = play(watched, loaded(1), synced(1), created(3), due);
  expect(once.names.at(-1)).toBe('subscribe');
  const thrice = play(watched, loaded(1), synced(1), created(3), due, created(3), due, created(3), due);
  expect(thrice.names.at(-1)).toBe('load');
});

test('what the log lacks is forgotten while it is read again, so that nothing waits for ever', () => {
  const { state } = play(watched, loaded(1), synced(1), created(3), { name: 'due' });
  expect(state.sequence).toMatchObject({ head: 1, held: new Map() });
});

test('a refusal closes a channel that was live, and fails one that never was', () => {
  const refused: FeedInput = { name: 'refused', error: new ParleyError('forbidden', 'unable to read; you left') };
  expect(play(watched, loaded(1), synced(1), refused).state).toMatchObject({ status: 'closed', loaded: false });
  expect(play(watched, loaded(1), refused).state).toMatchObject({ status: 'failed' });
});

test('a new connection opens again what an old token was refused for, and nothing else', () => {
  const failed = (code: 'unauthenticated' | 'forbidden') =>
    play(
      watched,
      loaded(1),
      { name: 'refused', error: new ParleyError(code, 'unable to read') },
      { name: 'connected' },
    );
  expect(failed('unauthenticated').names.at(-1)).toBe('load');
  expect(failed('forbidden').names.at(-1)).toBe('status');
});

/** A server whose log grows; what it sends may be lost, doubled or late, and the log may be set back. */
const troubles = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.constant('send') },
    { weight: 2, arbitrary: fc.constant('lose') },
    { weight: 2, arbitrary: fc.constant('double') },
    { weight: 2, arbitrary: fc.constant('late') },
    { weight: 1, arbitrary: fc.constant('cut') },
    { weight: 1, arbitrary: fc.constant('leave') },
    { weight: 1, arbitrary: fc.constant('set back') },
    { weight: 2, arbitrary: fc.constant('answer') },
  ),
  { maxLength: 60 },
);

test('whatever is lost, doubled or late: every position is applied once and in order, and in the end all of them', () => {
  fc.assert(
    fc.property(troubles, (steps) => {
      let state = newFeed;
      let head = 0;
      let epoch = 'e0';
      let applied = 0;
      let appliedEpoch = '';
      let following = false;
      let asked = false;
      const inbox: FeedInput[] = [];

      const take = (input: FeedInput): void => {
        const [next, effects] = nextFeed(state, input);
        state = next;
        for (const effect of effects) {
          if (effect.name === 'load') asked = true;
          if (effect.name === 'unsubscribe') following = false;
          if (effect.name === 'subscribe') subscribe();
          if (effect.name === 'reset') {
            applied = effect.snapshot.data.seq;
            appliedEpoch = effect.snapshot.epoch;
          }
          if (effect.name !== 'deliver' || effect.event.__typename !== 'MessageCreated') continue;
          expect(effect.event.seq).toBe(applied + 1);
          applied = effect.event.seq;
        }
      };
      const subscribe = (): void => {
        following = true;
        inbox.length = 0;
        const { sequence, epoch: known } = state;
        if (known !== epoch) {
          inbox.push({ name: 'event', event: buildEvent('ChannelReset', { seq: head, epoch }) });
        } else for (let seq = sequence.head + 1; seq <= head; seq += 1) inbox.push(created(seq));
        inbox.push(synced(head));
      };
      const answer = (): void => {
        if (asked) {
          asked = false;
          take(loaded(head, epoch));
        }
        for (let next = inbox.shift(); next !== undefined; next = inbox.shift()) take(next);
      };
      const late: FeedInput[] = [];
      const does: Record<string, () => void> = {
        send: () => inbox.push(created(head)),
        lose: () => undefined,
        double: () => inbox.push(created(head), created(head)),
        late: () => late.push(created(head)),
      };

      take(watched);
      for (const step of steps) {
        if (step === 'answer') answer();
        else if (step === 'cut') {
          following = false;
          inbox.length = 0;
          take({ name: 'disconnected' });
          if (state.stream !== null) subscribe();
          take({ name: 'connected' });
        } else if (step === 'leave') {
          take({ name: 'left', now: 1, loading: asked });
          take({ name: 'watched', now: 2, elsewhere: false });
        } else if (step === 'set back') {
          head = Math.floor(head / 2);
          epoch = `${epoch}+`;
          late.length = 0;
          inbox.length = 0;
          if (following) inbox.push({ name: 'event', event: buildEvent('ChannelReset', { seq: head, epoch }) });
        } else {
          head += 1;
          if (following) does[step]?.();
          else late.length = 0;
        }
        if (step === 'answer' && following) inbox.push(...late.splice(0));
      }
      for (
        let round = 0;
        round < 20 && (state.status !== 'live' || applied < head || appliedEpoch !== epoch);
        round += 1
      ) {
        answer();
        if (following) inbox.push(synced(head));
        answer();
        if (state.timer !== null) take({ name: 'due' });
      }
      expect(state.status).toBe('live');
      expect([applied, appliedEpoch]).toEqual([head, epoch]);
    }),
    { numRuns: 300 },
  );
});
