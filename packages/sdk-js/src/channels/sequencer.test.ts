import { expect, test } from 'vitest';
import { at, message } from '../../test/fake-channel.ts';
import type { LoggedEvent } from './channel-event.ts';
import { createSequencer } from './sequencer.ts';

const event = (seq: number): LoggedEvent => ({
  __typename: 'MessageCreated',
  channelId: 'messaging:general',
  at,
  actor: null,
  seq,
  message: message(seq),
});
const seqs = (events: readonly LoggedEvent[]) => events.map(({ seq }) => seq);

test('lets each event through once and in order, whatever order they come in', () => {
  const sequencer = createSequencer(0);
  const passed = [3, 1, 1, 2, 5, 3, 4].flatMap((seq) => seqs(sequencer.offer(event(seq))));
  expect(passed).toEqual([1, 2, 3, 4, 5]);
  expect(sequencer).toMatchObject({ head: 5, held: 0 });
});

test('a repeated event is not kept', () => {
  const sequencer = createSequencer(10);
  expect(sequencer.offer(event(10))).toEqual([]);
  expect(sequencer.offer(event(3))).toEqual([]);
  expect(sequencer.held).toBe(0);
});

test('while a snapshot is under way everything is held, then only what is newer goes through', () => {
  const sequencer = createSequencer(5);
  sequencer.pause();
  expect([6, 7, 8].flatMap((seq) => seqs(sequencer.offer(event(seq))))).toEqual([]);
  expect(sequencer.head).toBe(5);
  expect(seqs(sequencer.startAfter(6))).toEqual([7, 8]);
  expect(seqs(sequencer.offer(event(9)))).toEqual([9]);
});

test('what is held has a bound, and the next in turn always passes', () => {
  const sequencer = createSequencer(0);
  for (let seq = 2; seq <= 1_500; seq += 1) sequencer.offer(event(seq));
  expect(sequencer.held).toBe(1_000);
  expect(sequencer.offer(event(1))).toHaveLength(1_001);
  expect(sequencer.head).toBe(1_001);
});

test('what was forgotten is taken again', () => {
  const sequencer = createSequencer(0);
  sequencer.offer(event(2));
  sequencer.forget();
  expect(seqs([...sequencer.offer(event(1)), ...sequencer.offer(event(2))])).toEqual([1, 2]);
});
