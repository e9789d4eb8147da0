import type { EphemeralEvent } from '@parley/contracts';
import { subjects } from '@parley/contracts/bus';
import { expect, test } from 'vitest';
import { created, messageOf, newerInbox, newerLogged, typing } from '../../test/events.ts';
import { appId } from '../../test/fake-api.ts';
import { startWorld, watchChannel } from '../../test/world.ts';
import { readChannelMessage, readInboxMessage } from './bus-message.ts';

// A rolling deploy: an API node is newer than this node, and publishes what this node does not know.

const general = 'messaging:general';
const pinned = { __typename: 'MessagePinned', channelId: general, seq: 2, actor: { id: 'ada' } };

async function watching(after: number | null = null) {
  const world = await startWorld();
  const channel = world.api.channel(general);
  const client = await world.connect('ada');
  client.subscribe('1', watchChannel, { channelId: general, after });
  await client.synced('1');
  return { world, channel, client };
}

test('a newer kind of event keeps its place: watchers get the fields that every event has, and miss nothing around it', async () => {
  const { world, channel, client } = await watching();
  channel.append(created(general, 'before'));
  channel.append(newerLogged());
  channel.append(created(general, 'after'));
  await expect.poll(() => client.seqs('1')).toEqual([1, 2, 3]);
  expect(client.events('1')[2]).toEqual({ ...pinned, at: expect.any(String) });
  expect(client.frames.filter(({ payload }) => payload !== undefined && 'errors' in payload)).toEqual([]);
  expect(world.fanout.stats()).toMatchObject({ operations: 1, repairs: 0 });
});

test('a newer kind of event that shares a message with known ones comes in its order', async () => {
  const { channel, client } = await watching();
  channel.append(created(general, 'before'), newerLogged(), created(general, 'after'));
  await expect.poll(() => client.seqs('1')).toEqual([1, 2, 3]);
});

test('a newer kind of event comes from the log as from the bus, to who resumes and to who missed the copy', async () => {
  const { world, channel, client } = await watching();
  channel.copies = 'drop';
  channel.append(created(general, 'before'), newerLogged());
  channel.copies = 'deliver';
  channel.append(created(general, 'after'));
  await expect.poll(() => client.seqs('1')).toEqual([1, 2, 3]);
  const bob = await world.connect('bob');
  bob.subscribe('1', watchChannel, { channelId: general, after: 0 });
  await bob.synced('1');
  expect(bob.seqs('1')).toEqual([1, 2, 3]);
  expect(bob.events('1')[1]).toMatchObject(pinned);
});

test('an edit after a newer kind of event does not stumble over the fields of that event', async () => {
  const { world, channel, client } = await watching();
  channel.append(newerLogged());
  const message = { ...messageOf(general, 'edited', 1), editedAt: '2026-01-01T00:00:00.000Z' };
  channel.append({ __typename: 'MessageUpdated', at: '2026-01-01T00:00:00.000Z', actor: null, message });
  await expect.poll(() => client.seqs('1')).toEqual([1, 2]);
  const bob = await world.connect('bob');
  bob.subscribe('1', watchChannel, { channelId: general, after: 0 });
  await bob.synced('1');
  expect(bob.seqs('1')).toEqual([1, 2]);
});

test('a resume across a newer kind of event reads the log: the event may have changed what earlier ones say', async () => {
  const { world, channel, client } = await watching();
  channel.append(created(general, 'regretted'));
  const [first] = channel.events;
  if (first?.__typename !== 'MessageCreated') throw new Error('the message is missing');
  channel.events[0] = { ...first, message: { ...first.message, text: 'harmless' } };
  channel.append(newerLogged('MessageRedacted'), created(general, 'after'));
  await expect.poll(() => client.seqs('1')).toEqual([1, 2, 3]);
  const bob = await world.connect('bob');
  bob.subscribe('1', watchChannel, { channelId: general, after: 0 });
  await bob.synced('1');
  expect(bob.seqs('1')).toEqual([1, 2, 3]);
  expect(bob.texts.join()).not.toContain('regretted');
});

test('an ephemeral event of a newer kind is left out, and its neighbours are not', async () => {
  const { channel, client } = await watching();
  const newer = { __typename: 'RecordingChanged', channelId: general, at: '2026-01-01T00:00:00.000Z' };
  // The types list the kinds that this node knows.
  channel.publish([newer as unknown as EphemeralEvent, typing(general, 'bob')]);
  channel.append(created(general, 'next'));
  await expect.poll(() => client.seqs('1')).toEqual([1]);
  expect(client.events('1').map(({ __typename }) => __typename)).toEqual([
    'ChannelSynced',
    'TypingChanged',
    'MessageCreated',
  ]);
});

test('a newer value of an enum reaches the client as it is', async () => {
  const { world, channel } = await watching();
  const message = { ...messageOf(general, 'which day?'), kind: 'POLL' };
  // The types list the values that this node knows.
  channel.append({ ...created(general, ''), message } as unknown as ReturnType<typeof created>);
  const bob = await world.connect('bob');
  const query = `subscription ($channelId: ID!, $after: Seq) { channelEvents(channelId: $channelId, after: $after) {
    __typename ... on MessageCreated { message { kind } } ... on ChannelSynced { seq } } }`;
  bob.subscribe('1', query, { channelId: general, after: 0 });
  await expect.poll(() => bob.events('1')).toContainEqual({ __typename: 'MessageCreated', message: { kind: 'POLL' } });
});

test('an inbox event of a newer kind brings its cursor, live and in a page', async () => {
  const world = await startWorld();
  world.api.inboxPages = [[newerInbox('in a page')]];
  const client = await world.connect('ada');
  client.subscribe('1', 'subscription { inbox { __typename cursor } }');
  await expect.poll(() => client.events('1')).toEqual([{ __typename: 'ReminderDue', cursor: 'in a page' }]);
  world.api.notifyUser('ada', { kind: 'inbox', events: [newerInbox('live')] });
  await expect.poll(() => client.events('1').at(-1)).toEqual({ __typename: 'ReminderDue', cursor: 'live' });
  const { at: _at, ...withoutTime } = newerInbox('malformed');
  expect(() => readInboxMessage({ kind: 'inbox', events: [withoutTime] })).toThrow(/unable to accept/);
});

test('a malformed copy of any kind is refused, and watchers get the event from the log', async () => {
  const { world, channel, client } = await watching();
  const refused = (event: object) => () => readChannelMessage(JSON.stringify({ events: [event] }));
  const whole = {
    __typename: 'MessagePinned',
    channelId: general,
    at: '2026-01-01T00:00:00.000Z',
    seq: 1,
    actor: null,
  };
  expect(refused(whole)).not.toThrow();
  for (const part of [{ seq: 0 }, { seq: 'one' }, { at: 'now' }, { actor: 7 }, { __typename: '__proto__' }])
    expect(refused({ ...whole, ...part }), JSON.stringify(part)).toThrow(/unable to accept/);
  for (const events of ['ab', { length: 1 }, null])
    expect(() => readInboxMessage({ kind: 'inbox', events }), JSON.stringify(events)).toThrow(/unable to accept/);
  // Its type is there, and is not that of a durable event: rendering it would fail for every watcher.
  for (const __typename of ['ChannelSynced', 'Message', 'ChannelJoined', 'LoggedEvent', 'String'])
    expect(refused({ ...whole, __typename }), __typename).toThrow(/unable to accept/);
  channel.copies = 'drop';
  const [event] = channel.append(newerLogged());
  const copy = JSON.stringify({ epoch: 'one', events: [{ ...event, at: 'now' }] });
  await world.bus.publish(subjects.channel(appId, general), copy);
  channel.copies = 'deliver';
  channel.append(created(general, 'after'));
  await expect.poll(() => client.seqs('1')).toEqual([1, 2]);
});
