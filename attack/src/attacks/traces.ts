import { randomUUID } from 'node:crypto';
import { ask } from '../ask.ts';
import type { Attack } from '../attack.ts';
import { finding } from '../attack.ts';
import { openSocket } from '../socket.ts';

const replay =
  'subscription($channelId:ID!){channelEvents(channelId:$channelId,after:0){__typename ...on LoggedEvent{seq} ' +
  '...on MessageCreated{message{text custom attachments{title} quoted{text}}} ...on MessageUpdated{message{text quoted{text}}} ' +
  '...on ReactionAdded{message{text}}}}';

export const deletedText: Attack = {
  name: 'deleted-text',
  what: 'a member who joined later replays the whole log for text that was edited or deleted before, also in quotes',
  bound: '0 occurrences',
  async run(target) {
    const [author, late] = await target.people('author', 'late');
    if (author === undefined || late === undefined) throw new Error('no people');
    const channelId = await target.channel(author);
    const secrets = {
      edited: `edited-${randomUUID()}`,
      deleted: `deleted-${randomUUID()}`,
      gone: `gone-${randomUUID()}`,
    };
    const ids = { edited: randomUUID(), deleted: randomUUID(), gone: randomUUID() };
    for (const name of ['edited', 'deleted', 'gone'] as const) {
      await target.server.sendMessage(author.id, { id: ids[name], channelId, text: secrets[name] });
      await ask(target, author.token, 'mutation($i:AddReactionInput!){addReaction(input:$i){id}}', {
        i: { messageId: ids[name], type: 'like' },
      });
      await ask(target, author.token, 'mutation($i:SendMessageInput!){sendMessage(input:$i){id}}', {
        i: { id: randomUUID(), channelId, text: 'a quote', quotedId: ids[name] },
      });
    }
    const change = [
      await ask(target, author.token, 'mutation($i:UpdateMessageInput!){updateMessage(input:$i){id}}', {
        i: { messageId: ids.edited, text: 'harmless' },
      }),
      await ask(target, author.token, 'mutation($i:DeleteMessageInput!){deleteMessage(input:$i){id}}', {
        i: { messageId: ids.deleted },
      }),
    ];
    const hard = await target.server
      .execute('mutation($i:DeleteMessageInput!){deleteMessage(input:$i){id}}', {
        i: { messageId: ids.gone, hard: true },
      })
      .then(() => true)
      .catch(() => false);
    await target.server.addMembers(channelId, [late.id]);
    const socket = await openSocket(target.socketUrl, late.token);
    socket.say({ id: 'replay', type: 'subscribe', payload: { query: replay, variables: { channelId } } });
    await socket.until(({ type, payload }) => type === 'next' && JSON.stringify(payload).includes('ChannelSynced'));
    socket.close();
    const text = JSON.stringify(socket.heard);
    const seen = Object.entries(secrets).filter(([, secret]) => text.includes(secret));
    return finding(
      `${socket.heard.length} frames, ${seen.length} secrets in them${seen.map(([name]) => ` (${name})`).join()}`,
      ['all were changed', hard && change.every(({ code }) => code === null)],
      ['nothing is left', seen.length === 0],
    );
  },
};

const resume =
  'subscription($channelId:ID!,$after:Seq,$epoch:String){channelEvents(channelId:$channelId,after:$after,epoch:$epoch){__typename ...on ChannelReset{seq}}}';

export const foreignEpoch: Attack = {
  name: 'foreign-epoch',
  what: 'a client resumes with a position that is of another history of the log, as after a restore',
  bound: 'ChannelReset, and no event taken for what it is not',
  async run(target) {
    const [author] = await target.people('author');
    if (author === undefined) throw new Error('no person');
    const channelId = await target.channel(author);
    await target.server.sendMessage(author.id, { channelId, text: 'after the restore' });
    const socket = await openSocket(target.socketUrl, author.token);
    const variables = { channelId, after: 1, epoch: 'of-another-history' };
    socket.say({ id: 'resume', type: 'subscribe', payload: { query: resume, variables } });
    await socket.until(({ payload }) => JSON.stringify(payload ?? '').includes('ChannelSynced'));
    socket.close();
    const events = socket.heard.filter(({ type }) => type === 'next').map(({ payload }) => JSON.stringify(payload));
    const [first = ''] = events;
    return finding(`${events.length} events, the first ${/"__typename":"(\w+)"/.exec(first)?.[1]}`, [
      'reset before anything',
      first.includes('ChannelReset'),
    ]);
  },
};
