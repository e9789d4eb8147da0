import { randomUUID } from 'node:crypto';
import { uniqueId } from '@parley/testkit';
import { ask } from '../ask.ts';
import type { Attack } from '../attack.ts';
import { finding } from '../attack.ts';
import { openSocket } from '../socket.ts';

const watch =
  'subscription($channelId:ID!){channelEvents(channelId:$channelId){__typename ...on MessageCreated{message{text}}}}';
const boundMs = 1_000;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export const demotedAdmin: Attack = {
  name: 'demoted-admin',
  what: 'an admin who watches a channel of others goes on watching when the role is taken away',
  bound: 'nothing sent more than 1 s after is seen',
  async run(target, within) {
    const [admin, member] = await target.people('admin', 'member');
    if (admin === undefined || member === undefined) throw new Error('no people');
    await target.server.upsertUsers([{ id: admin.id, role: 'admin' }]);
    const channelId = await target.channel(member);
    const socket = await openSocket(target.socketUrl, admin.token);
    socket.say({ id: 'watch', type: 'subscribe', payload: { query: watch, variables: { channelId } } });
    await socket.until(({ payload }) => JSON.stringify(payload ?? '').includes('ChannelSynced'));
    await target.server.upsertUsers([{ id: admin.id, role: 'user' }]);
    const demoted = performance.now();
    let seenMs = 0;
    while (performance.now() - demoted < within(boundMs) + 2_000) {
      const text = `t-${randomUUID()}`;
      const sentMs = performance.now() - demoted;
      await target.server.sendMessage(member.id, { channelId, text });
      await pause(100);
      if (JSON.stringify(socket.heard).includes(text)) seenMs = sentMs;
    }
    socket.close();
    return finding(`the last message seen was sent ${Math.round(seenMs)} ms after`, ['cut', seenMs <= within(boundMs)]);
  },
};

export const inventedUsers: Attack = {
  name: 'invented-users',
  what: 'a user names 100 unknown ids in `createChannel` and `addMembers`',
  bound: 'refused; 0 users made',
  async run(target) {
    const [person, friend] = await target.people('maker', 'friend');
    if (person === undefined || friend === undefined) throw new Error('no people');
    const invented = Array.from({ length: 50 }, () => uniqueId('invented'));
    const create = 'mutation($i:CreateChannelInput!){createChannel(input:$i){id}}';
    const add = 'mutation($i:AddMembersInput!){addMembers(input:$i){id}}';
    const channelId = await target.channel(person, friend);
    const answers = [
      await ask(target, person.token, create, { i: { type: 'messaging', memberIds: invented } }),
      await ask(target, person.token, add, { i: { channelId, members: invented.map((userId) => ({ userId })) } }),
    ];
    const made = await Promise.all(
      invented.map((id) => target.server.execute<{ user: unknown }>('query($id:ID!){user(id:$id){id}}', { id })),
    );
    const count = made.filter(({ user }) => user !== null).length;
    return finding(
      `${answers.map(({ code }) => code).join(', ')}; ${count} users made`,
      ['refused', answers.every(({ code }) => code !== null && code !== 'internal')],
      ['none made', count === 0],
    );
  },
};

export const probedKey: Attack = {
  name: 'probed-key',
  what: 'a user asks for a channel of others, and for one that is not there, by key: does the answer differ?',
  bound: 'the same answer, for each of 6 operations',
  async run(target) {
    const [owner, stranger] = await target.people('owner', 'stranger');
    if (owner === undefined || stranger === undefined) throw new Error('no people');
    const there = await target.channel(owner);
    const absent = `messaging:${uniqueId('absent')}`;
    const operations: readonly (readonly [string, (id: string) => Record<string, unknown>])[] = [
      ['query($id:ID!){channel(id:$id){id}}', (id) => ({ id })],
      [
        'mutation($i:SendMessageInput!){sendMessage(input:$i){id}}',
        (id) => ({ i: { id: randomUUID(), channelId: id, text: 'x' } }),
      ],
      ['mutation($i:MarkReadInput!){markRead(input:$i){seq}}', (id) => ({ i: { channelId: id } })],
      [
        'mutation($i:AddMembersInput!){addMembers(input:$i){id}}',
        (id) => ({ i: { channelId: id, members: [{ userId: stranger.id }] } }),
      ],
      ['mutation($i:SetTypingInput!){setTyping(input:$i)}', (id) => ({ i: { channelId: id, typing: true } })],
      [
        'mutation($i:CreateChannelInput!){createChannel(input:$i){__typename}}',
        (id) => ({ i: { type: 'messaging', key: id.slice('messaging:'.length), memberIds: [stranger.id] } }),
      ],
    ];
    const revealing: string[] = [];
    for (const [query, variables] of operations) {
      const said = await Promise.all(
        [there, absent].map(async (id) => {
          const { status, code, message } = await ask(target, stranger.token, query, variables(id));
          return `${status} ${code} ${message?.replaceAll(id, 'ID').replaceAll(id.slice('messaging:'.length), 'KEY')}`;
        }),
      );
      if (said[0] !== said[1])
        revealing.push(`${query.slice(query.indexOf('{') + 1).split('(', 1)[0]}: ${said.join(' / ')}`);
    }
    return finding(`${revealing.length} of ${operations.length} reveal it: ${revealing.join('; ') || 'none'}`, [
      'same',
      revealing.length === 0,
    ]);
  },
};
