import type { ChannelEvent, ParleyError } from '@parley/contracts';
import { createMemoryBus, silentLogger } from '@parley/service-kit';
import { fakeClock } from '@parley/testkit';
import { expect, onTestFinished, test } from 'vitest';
import { created, deleted, read, removed, typing } from '../../test/events.ts';
import { appId, FakeApi } from '../../test/fake-api.ts';
import { createApiClient } from '../api-client.ts';
import { ReplayBudget } from './replay-budget.ts';
import { Topic } from './topic.ts';

const general = 'messaging:general';

/** A topic on a bus in memory, with one subscriber that notes what it hears. */
async function topicOf(viewerId = 'ada') {
  const clock = fakeClock();
  const bus = createMemoryBus();
  const api = new FakeApi(bus, clock.now);
  const deps = { ask: createApiClient(bus, clock), bus, clock, logger: silentLogger() };
  const topic = new Topic(appId, general, {
    ...deps,
    counters: { repairs: 0 },
    eventsPage: 100,
    replayBudget: new ReplayBudget(),
  });
  const heard: string[] = [];
  const note = (event: ChannelEvent) =>
    heard.push('seq' in event ? `${event.__typename} ${event.seq}` : event.__typename);
  topic.subscribers.add({
    viewerId,
    logged: note,
    ephemeral: note,
    reads: (at) => note(at(7)),
    reset: (head) => heard.push(`reset ${head}`),
    reauthorise: () => heard.push('reauthorise'),
    end: ({ code }: ParleyError) => heard.push(code),
  });
  onTestFinished(async () => {
    topic.close();
    await api.close();
    await bus.close();
  });
  await topic.ready;
  topic.replica.noteHead(0, api.epoch);
  return { api, channel: api.channel(general), clock, heard, topic };
}

test('one message of the bus reaches the replica, the receipts and the typing tracker', async () => {
  const { channel, clock, heard } = await topicOf();
  channel.append(created(general, 'hi'));
  channel.publish([typing(general, 'bob'), read(general, 'bob', 1)]);
  await expect.poll(() => heard).toEqual(['MessageCreated 1', 'TypingChanged', 'ReadAdvanced']);
  await clock.advanceAsync(7_000);
  expect(heard.slice(3)).toEqual(['TypingChanged']);
});

test('only the subscriptions of a removed member are asked about again', async () => {
  const { channel, heard } = await topicOf('bob');
  channel.append(removed('eve'));
  channel.append(removed('bob'));
  await expect.poll(() => heard).toEqual(['MembersRemoved 1', 'MembersRemoved 2', 'reauthorise']);
});

test('a deleted channel ends its subscriptions after the event that says so', async () => {
  const { channel, heard } = await topicOf();
  channel.append(deleted());
  await expect.poll(() => heard).toEqual(['ChannelDeleted 1', 'not_found']);
});

test('a log that was set back resets the subscribers, asks about them again and sends the pointers anew', async () => {
  const { api, channel, heard, topic } = await topicOf();
  channel.reads = [read(general, 'bob', 2)];
  api.epoch = 'two';
  topic.replica.noteHead(4, 'two');
  expect(heard).toEqual(['reset 4', 'reauthorise']);
  await expect.poll(() => heard.slice(2)).toEqual(['ChannelSynced 7']);
});

test('a closed topic hears nothing and leaves no timer', async () => {
  const { channel, clock, heard, topic } = await topicOf();
  channel.publish([typing(general, 'bob')]);
  await expect.poll(() => heard).toHaveLength(1);
  topic.close();
  channel.append(created(general, 'late'));
  await clock.advanceAsync(10_000);
  expect(heard).toHaveLength(1);
  expect(clock.pending).toBe(0);
});
