import type { LoggedEvent } from '@parley/contracts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { userOf } from '../../test/events.ts';
import { Sequencer } from './sequencer.ts';

const event = (seq: number): LoggedEvent => ({
  __typename: 'ChannelDeleted',
  channelId: 'messaging:general',
  at: '2026-01-01T00:00:00.000Z',
  actor: userOf('ada'),
  seq,
});
const seqs = (events: readonly LoggedEvent[]) => events.map(({ seq }) => seq);

test('whatever the bus does to copies, what comes out is dense, in order and each once', () => {
  const arrivals = fc.array(fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 6 }), { maxLength: 40 });
  fc.assert(
    fc.property(arrivals, fc.nat(40), fc.nat(40), (messages, start, noted) => {
      const sequencer = new Sequencer(1_000);
      const out: number[] = [];
      messages.forEach((message, index) => {
        if (index === 2) out.push(...seqs(sequencer.note(start)));
        if (index === 4) out.push(...seqs(sequencer.note(noted)));
        out.push(...seqs(sequencer.accept(message.map(event))));
      });
      expect(out).toEqual(out.map((_, index) => start + index + 1));
      const arrived = new Set(messages.flat());
      if (sequencer.head !== null) expect(arrived.has(sequencer.head + 1)).toBe(false);
    }),
  );
});

test('before the first start everything is held; then what follows it comes out', () => {
  const sequencer = new Sequencer(10);
  expect(seqs(sequencer.accept([event(4), event(6), event(5)]))).toEqual([]);
  expect(sequencer.hasHole).toBe(false);
  expect(seqs(sequencer.note(4))).toEqual([5, 6]);
});

test('a hole shows, and closes when it is filled', () => {
  const sequencer = new Sequencer(10);
  sequencer.note(1);
  sequencer.accept([event(3)]);
  expect(sequencer.hasHole).toBe(true);
  expect(seqs(sequencer.accept([event(2)]))).toEqual([2, 3]);
  expect(sequencer.hasHole).toBe(false);
});

test('a claim of the head alone is a hole too, until it is fulfilled or withdrawn', () => {
  const sequencer = new Sequencer(10);
  sequencer.note(1);
  sequencer.note(3);
  expect(sequencer.hasHole).toBe(true);
  sequencer.settleFor(1);
  expect(sequencer.hasHole).toBe(false);
});

test('what does not fit is not held but not forgotten: it leaves a hole', () => {
  const sequencer = new Sequencer(2);
  sequencer.note(0);
  sequencer.accept([event(3), event(4), event(5)]);
  expect(sequencer.isFull).toBe(true);
  expect(seqs(sequencer.accept([event(1), event(2)]))).toEqual([1, 2, 3, 4]);
  expect(sequencer.hasHole).toBe(true);
});
