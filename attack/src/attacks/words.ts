import { randomUUID } from 'node:crypto';
import { ask } from '../ask.ts';
import type { Attack } from '../attack.ts';
import { finding } from '../attack.ts';

/** Names that every object of JavaScript answers to. */
const words = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf', 'prototype'];

export const knownWords: Attack = {
  name: 'known-words',
  what: 'reactions, custom data and searches named `__proto__`, `constructor`, `toString`, …',
  bound: 'kept and given back as they are',
  async run(target) {
    const [person] = await target.people('words');
    if (person === undefined) throw new Error('no person');
    const channelId = await target.channel(person);
    const id = randomUUID();
    await target.server.sendMessage(person.id, { id, channelId, text: 'words' });
    const codes: (string | null)[] = [];
    for (const type of words) {
      const react = 'mutation($i:AddReactionInput!){addReaction(input:$i){id}}';
      codes.push((await ask(target, person.token, react, { i: { messageId: id, type } })).code);
    }
    const custom = `{${words.map((word) => `"${word}":1`).join()}}`;
    const wrote = await ask(target, person.token, 'mutation($c:JSONObject!){updateMe(input:{custom:$c}){custom}}', {
      c: JSON.parse(custom),
    });
    const read = await ask(
      target,
      person.token,
      'query($id:ID!){message(id:$id){reactionGroups{type count}} me{custom}}',
      { id },
    );
    const text = JSON.stringify(read.data);
    const missing = words.filter((word) => !text.includes(`"type":"${word}"`));
    return finding(
      `${words.length} words; reactions missing: ${missing.join(', ') || 'none'}`,
      ['accepted', codes.every((code) => code === null) && wrote.code === null],
      ['given back', missing.length === 0],
      ['custom data kept', words.every((word) => text.includes(`"${word}":1`))],
    );
  },
};
