// @vitest-environment node
import { ParleyError } from '@parley/contracts';
import type { Channel } from '@parley/sdk-js';
import { expect, test } from 'vitest';
import { channelData, member, user } from './builders.ts';
import { createFakeChannel } from './fake-channel.ts';
import { type ChannelSide, realSide } from './real-channel.ts';

/** What components read of a channel, less what no two servers have in common: ids they give, times. */
function shown({ state, messages, members, reads, typing, unread }: Channel) {
  const { status, data, membership } = state.get();
  const { items, ...loading } = messages.get();
  return {
    status,
    member: membership?.user.id,
    hasMessages: data !== null && data.lastMessageAt !== null,
    messages: items.map((item) => ({
      text: item.text,
      from: item.user?.id,
      seq: item.seq,
      status: item.status,
      error: item.error?.code ?? null,
      pending: item.pending,
      failedEdit: item.failedEdit,
      edited: item.editedAt !== null,
      deleted: item.deletedAt !== null,
      quoted: item.quoted?.text ?? null,
      mentions: item.mentionedUsers.map(({ id }) => id),
      custom: item.custom,
      replies: item.replyCount,
      reactions: item.reactionGroups.map(({ type, count, sumScores }) => ({ type, count, sumScores })),
      own: item.ownReactions?.map(({ type, score }) => ({ type, score })),
    })),
    ...loading,
    members: members.get().map(({ user: { id }, role }) => ({ id, role })),
    reads: [...reads.get()],
    typing: typing.get(),
    unread: unread.get(),
  };
}

function fakeSide(): ChannelSide {
  const [ada, bob] = [user('ada'), user('bob')];
  const data = channelData('messaging:general');
  const channel = createFakeChannel({ data, members: [member(ada, 'owner'), member(bob)], me: ada });
  return {
    channel,
    receive: (from, text, mentioned = []) =>
      void channel.receive(user(from), text, { mentionedUsers: mentioned.map((id) => user(id)) }),
    refuse: channel.refuseWith,
    settle: async () => {
      for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
    },
  };
}

interface Run extends ChannelSide {
  /** Undoes the last watch. */
  leave: () => void;
}

type Step = readonly [name: string, act: (run: Run) => unknown];

const uuid = (n: number) => `00000000-0000-4000-9000-${String(n).padStart(12, '0')}`;
const off = new ParleyError('feature_disabled', 'unable to go on; it is switched off in this channel');
/** The id of the message that reads so on this side. */
const named = ({ channel }: ChannelSide, text: string): string =>
  channel.messages.get().items.find((item) => item.text === text)?.id ?? uuid(999);

const watched: Step = [
  'watch',
  (run) => {
    run.leave = run.channel.watch();
  },
];
const heard: Step = ['bob writes', ({ receive }) => receive('bob', 'hello')];
const sent: Step = ['ada writes', ({ channel }) => channel.send({ id: uuid(1), text: 'mine' })];
const refuse: Step = ['the server refuses from here on', ({ refuse: to }) => to(off)];
const allow: Step = ['the server allows again', ({ refuse: to }) => to(null)];
const react = (type: string, options?: { readonly score?: number; readonly exclusive?: boolean }): Step => [
  `ada reacts ${type}`,
  (side) => side.channel.react(named(side, 'hello'), type, options),
];
const unreact = (type: string): Step => [
  `ada takes ${type} back`,
  (side) => side.channel.unreact(named(side, 'hello'), type),
];
const mark = (seq?: number): Step => ['ada reads', ({ channel }) => channel.markRead(seq)];

const scripts: Readonly<Record<string, readonly Step[]>> = {
  'opening and leaving': [['look before', () => undefined], watched, heard, ['leave', ({ leave }) => leave()], watched],
  'messages of both': [
    watched,
    heard,
    sent,
    ['bob mentions ada', ({ receive }) => receive('bob', 'you', ['ada'])],
    ['ada writes from elsewhere', ({ receive }) => receive('ada', 'from my phone')],
    [
      'ada quotes, mentions, and adds data',
      (side) =>
        side.channel.send({
          id: uuid(2),
          text: 'see this',
          quotedId: named(side, 'hello'),
          mentionedUserIds: ['bob'],
          custom: { mood: 'good' },
        }),
    ],
    ['ada replies in a thread', (side) => side.channel.send({ text: 'below', parentId: named(side, 'hello') })],
    ['nothing is no message', ({ channel }) => channel.send('')],
  ],
  'a message that is refused': [
    watched,
    refuse,
    sent,
    allow,
    ['ada writes again', ({ channel }) => channel.send({ id: uuid(2), text: 'second' })],
    ['the first is tried again', ({ channel }) => channel.retry(uuid(1))],
    ['what did not fail is not', ({ channel }) => channel.retry(uuid(2))],
    refuse,
    ['one more', ({ channel }) => channel.send({ id: uuid(3), text: 'third' })],
    ['it is forgotten', ({ channel }) => channel.discard(uuid(3))],
    ['so is one that was sent', ({ channel }) => channel.discard(uuid(2))],
  ],
  'edits and deletions': [
    watched,
    heard,
    sent,
    ['edit', ({ channel }) => channel.edit(uuid(1), 'better')],
    refuse,
    ['a refused edit', ({ channel }) => channel.edit(uuid(1), 'worse')],
    ['it is tried again in vain', ({ channel }) => channel.retry(uuid(1))],
    ['a refused deletion', ({ channel }) => channel.delete(uuid(1))],
    ['it is discarded', ({ channel }) => channel.discard(uuid(1))],
    ['one more refused edit', ({ channel }) => channel.edit(uuid(1), 'worse')],
    allow,
    ['it is tried again', ({ channel }) => channel.retry(uuid(1))],
    ['there is nothing more to try', ({ channel }) => channel.retry(uuid(1))],
    ['bob is quoted', (side) => side.channel.send({ id: uuid(2), text: 'quoting', quotedId: named(side, 'hello') })],
    react('👍'),
    ['ada deletes what bob wrote', (side) => side.channel.delete(named(side, 'hello'))],
    ['for good', ({ channel }) => channel.delete(uuid(1), { hard: true })],
  ],
  reactions: [
    watched,
    heard,
    react('👍'),
    react('❤️', { score: 3 }),
    react('👍'),
    react('👍', { score: 2 }),
    unreact('🎉'),
    react('🎉', { exclusive: true }),
    refuse,
    react('👍'),
    unreact('🎉'),
    allow,
    unreact('🎉'),
  ],
  reading: [
    watched,
    heard,
    ['bob goes on', ({ receive }) => receive('bob', 'more', ['ada'])],
    mark(1),
    refuse,
    mark(),
    allow,
    mark(),
    sent,
    ['bob writes once more', ({ receive }) => receive('bob', 'again')],
    react('👍'),
    mark(),
  ],
};

/** What became of a call: nothing to wait for, done, or the code that it was refused with. */
async function outcome(act: () => unknown, settle: () => Promise<void>): Promise<string> {
  try {
    const [result] = await Promise.all([act(), settle()]);
    return result === undefined ? 'nothing' : 'a value';
  } catch (error) {
    return error instanceof ParleyError ? error.code : String(error);
  } finally {
    await settle();
  }
}

test.each(Object.entries(scripts))('the fake channel shows what the real one does: %s', async (_name, steps) => {
  const seen = async (side: ChannelSide) => {
    const run: Run = { ...side, leave: () => {} };
    const history = [];
    for (const [name, act] of steps)
      history.push({ name, outcome: await outcome(() => act(run), run.settle), shown: shown(run.channel) });
    run.leave();
    return history;
  };
  const real = await seen(await realSide());
  expect(await seen(fakeSide())).toEqual(real);
});

test.each([
  ['fake', async () => fakeSide()],
  ['real', realSide],
])('in the %s channel a message leaves what other rows depend on the same objects', async (_name, sideOf) => {
  const { channel, receive, settle } = await sideOf();
  const partsOf = () => [channel.state.get().capabilities, channel.members.get(), ...channel.messages.get().items];
  channel.watch();
  await settle();
  receive('bob', 'hello');
  await channel.send('mine');
  await settle();
  const before = partsOf();
  receive('bob', 'more');
  await settle();
  expect(partsOf()).toHaveLength(before.length + 1);
  expect(partsOf().filter((part) => before.includes(part))).toHaveLength(before.length);
});
