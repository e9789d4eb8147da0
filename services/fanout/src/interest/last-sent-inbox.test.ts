import type { InboxEvent } from '@parley/contracts';
import { expect, test } from 'vitest';
import { LastSentInbox } from './last-sent-inbox.ts';

const time = (seconds: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, seconds)).toISOString();
const who = { appId: 'app', userId: 'ada' };
const channelId = 'messaging:general';
const cursor = 'c';
const bumped = (seconds: number, seq = 5): InboxEvent => ({
  __typename: 'ChannelBumped',
  at: time(seconds),
  cursor,
  channelId,
  seq,
  unreadCount: 2,
  unreadMentions: 1,
  lastMessage: null,
});
const left = (seconds: number): InboxEvent => ({
  __typename: 'ChannelLeft',
  at: time(seconds),
  cursor,
  channelId,
  reason: 'left',
});
const unreadChanged = (seconds: number, totalUnread: number): InboxEvent => ({
  __typename: 'UnreadChanged',
  at: time(seconds),
  cursor,
  totalUnread,
  unreadChannels: 1,
});
const row = { ...who, channelId, changedAt: time(30), left: false, seq: 5, unreadCount: 2, unreadMentions: 1 };
const gone = { ...row, left: true, seq: 0, unreadCount: 0, unreadMentions: 0 };

const sent = (...events: readonly InboxEvent[]) => {
  const inbox = new LastSentInbox();
  for (const event of events) inbox.note(event);
  return inbox;
};

test('what was sent as it is agrees, in each of its numbers', () => {
  const inbox = sent(bumped(31));
  expect(inbox.agreesOn(row, time(40))).toBe(true);
  for (const other of [{ seq: 6 }, { unreadCount: 3 }, { unreadMentions: 0 }, { left: true }])
    expect(inbox.agreesOn({ ...row, ...other }, time(40))).toBe(false);
});

test('what was sent of a later time is not judged by an earlier one', () => {
  const inbox = sent(bumped(41));
  expect(inbox.agreesOn({ ...row, seq: 4 }, time(40))).toBe(true);
});

test('what arrives late is older than what was sent before it, and replaces nothing, as with the client', () => {
  const inbox = sent(
    bumped(41),
    { ...bumped(31), unreadCount: 0 } as InboxEvent,
    unreadChanged(41, 7),
    unreadChanged(31, 5),
  );
  expect(inbox.agreesOn({ ...row, unreadCount: 0 }, time(50))).toBe(false);
  expect(inbox.agreesOnTotals({ ...who, totalUnread: 5, unreadChannels: 1 }, time(50))).toBe(false);
  expect(inbox.agreesOnTotals({ ...who, totalUnread: 7, unreadChannels: 1 }, time(50))).toBe(true);
});

test('a member whose departure was sent agrees with nothing else', () => {
  expect(sent(bumped(30), left(31)).agreesOn(gone, time(40))).toBe(true);
  expect(sent(bumped(30), left(31)).agreesOn(row, time(40))).toBe(false);
  expect(sent(left(30), bumped(31)).agreesOn(row, time(40))).toBe(true);
});

test('a change of which nothing was sent is missed, unless it is older than what was read at first', () => {
  const readAt = (seconds: number) => sent({ __typename: 'InboxSynced', at: time(seconds), cursor, epoch: 'one' });
  expect(readAt(60).agreesOn(row, time(70))).toBe(true);
  expect(readAt(35).agreesOn(row, time(40))).toBe(false);
  expect(sent().agreesOn(row, time(40))).toBe(false);
});

test('it remembers for four turns, and then for no more', () => {
  const inbox = sent(bumped(31));
  for (let turn = 0; turn < 4; turn += 1) inbox.turn();
  expect(inbox.agreesOn(row, time(40))).toBe(true);
  inbox.turn();
  expect(inbox.agreesOn(row, time(40))).toBe(false);
});

test('totals agree when both numbers do', () => {
  const totals = { ...who, totalUnread: 3, unreadChannels: 1 };
  const inbox = sent({ __typename: 'UnreadChanged', at: time(31), cursor, totalUnread: 3, unreadChannels: 1 });
  expect(inbox.agreesOnTotals(totals, time(40))).toBe(true);
  expect(inbox.agreesOnTotals({ ...totals, totalUnread: 4 }, time(40))).toBe(false);
  expect(inbox.agreesOnTotals({ ...totals, unreadChannels: 2 }, time(40))).toBe(false);
  expect(inbox.agreesOnTotals({ ...totals, totalUnread: 4 }, time(30))).toBe(true);
  expect(sent().agreesOnTotals(totals, time(40))).toBe(false);
});
