import type { ReadAdvanced } from '@parley/contracts';
import { fakeClock } from '@parley/testkit';
import { expect, onTestFinished, test } from 'vitest';
import { read } from '../../test/events.ts';
import type { AskApi } from '../api-client.ts';
import { ChannelReceipts } from './channel-receipts.ts';

const general = 'messaging:general';

function receiptsOf(answer: readonly ReadAdvanced[] = []) {
  const clock = fakeClock(0);
  const sent: { readonly users: string; readonly ephemeral: boolean }[] = [];
  const heads: number[] = [];
  const users = (reads: readonly ReadAdvanced[]) => reads.map(({ userId, readSeq }) => `${userId} ${readSeq}`).join();
  // The one method that receipts ask.
  const ask = (async () => ({ head: 9, reads: answer })) as unknown as AskApi;
  const receipts = new ChannelReceipts({
    appId: 'app',
    channelId: general,
    ask,
    clock,
    epoch: () => 'one',
    noteReadTo: (head) => heads.push(head),
    notifyOne: (one) => sent.push({ users: users([one]), ephemeral: true }),
    notifyMany: (reads, ephemeral) => sent.push({ users: users(reads), ephemeral }),
  });
  onTestFinished(() => receipts.close());
  return { clock, receipts, sent, heads };
}

test('the first pointer goes out at once, the next ones together 200 ms later, the newest of each reader', async () => {
  const { clock, receipts, sent } = receiptsOf();
  receipts.receive([read(general, 'ada', 1)]);
  for (const seq of [1, 3, 2]) receipts.receive([read(general, 'bob', seq)]);
  receipts.receive([read(general, 'eve', 1)]);
  expect(sent).toEqual([{ users: 'ada 1', ephemeral: true }]);
  await clock.advanceAsync(200);
  expect(sent.slice(1)).toEqual([{ users: 'bob 3,eve 1', ephemeral: true }]);
});

test('a comparison sends what was missed, and nothing that was sent', async () => {
  const { clock, receipts, sent } = receiptsOf();
  receipts.receive([read(general, 'ada', 5)]);
  await clock.advanceAsync(1_000);
  receipts.compare([read(general, 'ada', 4), read(general, 'bob', 2)]);
  await clock.advanceAsync(1_000);
  receipts.compare([read(general, 'ada', 5), read(general, 'bob', 2)]);
  await clock.advanceAsync(1_000);
  expect(sent.map(({ users }) => users)).toEqual(['ada 5', 'bob 2']);
});

test('a refresh sends all pointers in a way that is not lost, and says how far the log reaches', async () => {
  const { receipts, sent, heads } = receiptsOf([read(general, 'ada', 4), read(general, 'bob', 9)]);
  await receipts.refresh();
  expect(sent).toEqual([{ users: 'ada 4,bob 9', ephemeral: false }]);
  expect(heads).toEqual([9]);
});

test('after a restart of the log lower pointers are news', async () => {
  const { clock, receipts, sent } = receiptsOf();
  receipts.receive([read(general, 'ada', 8)]);
  await clock.advanceAsync(1_000);
  receipts.restart();
  receipts.compare([read(general, 'ada', 3)]);
  expect(sent.map(({ users }) => users)).toEqual(['ada 8', 'ada 3']);
});
