import type { ChannelSynced } from '@parley/contracts';
import { expect, test } from 'vitest';
import { read } from '../../test/events.ts';
import { type TopicSubscriber, TopicSubscribers } from './topic-subscribers.ts';

const general = 'messaging:general';

function watcher(viewerId: string, calls: string[], position = 0, seen: ChannelSynced[] = []): TopicSubscriber {
  return {
    viewerId,
    logged: ({ seq }) => calls.push(`${viewerId} logged ${seq}`),
    ephemeral: () => undefined,
    reads: (at) => seen.push(at(position)),
    reset: (head) => calls.push(`${viewerId} reset ${head}`),
    reauthorise: () => calls.push(`${viewerId} reauthorise`),
    end: ({ code }) => calls.push(`${viewerId} end ${code}`),
  };
}

test('subscribers at the same position get the same object, so that it is rendered once', () => {
  const subscribers = new TopicSubscribers();
  const seen: ChannelSynced[] = [];
  for (const position of [4, 4, 5]) subscribers.add(watcher('ada', [], position, seen));
  const of = { channelId: general, epoch: 'one', at: '2026-01-01T00:00:00.000Z' };
  subscribers.reads({ ...of, reads: [read(general, 'bob', 2)] }, true);
  expect(seen.map(({ seq }) => seq)).toEqual([4, 4, 5]);
  expect(seen[0]).toBe(seen[1]);
  expect(seen[2]).toMatchObject({ __typename: 'ChannelSynced', epoch: 'one', reads: [{ userId: 'bob' }] });
  subscribers.reads({ ...of, reads: [] }, true);
  expect(seen).toHaveLength(3);
});

test('one viewer is asked about again on all of its subscriptions, and nobody else', () => {
  const calls: string[] = [];
  const subscribers = new TopicSubscribers();
  for (const userId of ['ada', 'bob', 'ada']) subscribers.add(watcher(userId, calls));
  subscribers.reauthorise('ada');
  expect(calls).toEqual(['ada reauthorise', 'ada reauthorise']);
  subscribers.reauthorise(null);
  expect(calls).toHaveLength(5);
});

test('a subscriber that leaves while all are notified is no trouble to the others', () => {
  const calls: string[] = [];
  const subscribers = new TopicSubscribers();
  const leaving: TopicSubscriber = {
    ...watcher('ada', calls),
    reset: () => subscribers.delete(leaving),
  };
  subscribers.add(leaving);
  subscribers.add(watcher('bob', calls));
  subscribers.reset(7);
  expect(calls).toEqual(['bob reset 7']);
  expect(subscribers.size).toBe(1);
});
