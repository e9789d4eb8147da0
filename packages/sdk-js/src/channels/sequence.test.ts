import { expect, test } from 'vitest';
import { at, message } from '../../test/fake-channel.ts';
import type { LoggedEvent } from './channel-event.ts';
import { forget, newSequence, offer, pause, restart, type Sequence, startAfter } from './sequence.ts';

const event = (seq: number): LoggedEvent => ({
  __typename: 'MessageCreated',
  channelId: 'messaging:general',
  at,
  actor: null,
  seq,
  message: message(seq),
});
const seqs = (events: readonly LoggedEvent[]) => events.map(({ seq }) => seq);

/** Offers events of these positions, one after another. */
function offerAll(start: Sequence, positions: readonly number[]) {
  let sequence = start;
  const passed = positions.flatMap((seq) => {
    const release = offer(sequence, event(seq));
    sequence = release.sequence;
    return seqs(release.ready);
  });
  return { sequence, passed };
}
const from = (head: number): Sequence => ({ ...newSequence, head });
const numbers = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, at) => first + at);

test('lets each event through once and in order, whatever order they come in', () => {
  const { sequence, passed } = offerAll(newSequence, [3, 1, 1, 2, 5, 3, 4]);
  expect(passed).toEqual([1, 2, 3, 4, 5]);
  expect(sequence).toMatchObject({ head: 5, held: new Map() });
});

test('a repeated event is not kept', () => {
  const { sequence, passed } = offerAll(from(10), [10, 3]);
  expect(passed).toEqual([]);
  expect(sequence.held.size).toBe(0);
});

test('while a snapshot is under way everything is held, then only what is newer goes through', () => {
  const { sequence, passed } = offerAll(pause(from(5)), [6, 7, 8]);
  expect(passed).toEqual([]);
  expect(sequence.head).toBe(5);
  const started = startAfter(sequence, 6);
  expect(seqs(started.ready)).toEqual([7, 8]);
  expect(offerAll(started.sequence, [9]).passed).toEqual([9]);
});

test('what the snapshot has already is not held for a gap', () => {
  const { sequence } = offerAll(pause(newSequence), [1, 2, 4]);
  const started = startAfter(sequence, 2);
  expect([...started.sequence.held.keys()]).toEqual([4]);
});

test('what is held has a bound, and the next in turn always passes', () => {
  const { sequence } = offerAll(newSequence, numbers(2, 1_500));
  expect(sequence.held.size).toBe(1_000);
  const next = offerAll(sequence, [1]);
  expect(next.passed).toHaveLength(1_001);
  expect(next.sequence.head).toBe(1_001);
});

test('what was forgotten is taken again', () => {
  const { sequence } = offerAll(newSequence, [2]);
  expect(offerAll(forget(sequence), [1, 2]).passed).toEqual([1, 2]);
});

test('a log that was set back starts from its own positions', () => {
  const { sequence } = offerAll(from(10), [12]);
  const held = offerAll(restart(), [4, 5]);
  expect(sequence.held.size).toBe(1);
  expect(held.passed).toEqual([]);
  expect(seqs(startAfter(held.sequence, 3).ready)).toEqual([4, 5]);
});
