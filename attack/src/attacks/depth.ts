import { ask, postBody } from '../ask.ts';
import type { Attack } from '../attack.ts';
import { finding } from '../attack.ts';
import { openSocket } from '../socket.ts';
import type { Target } from '../target.ts';

const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);

const isAlive = async ({ url }: Target): Promise<boolean> => (await fetch(`${url}/healthz`)).ok;

export const deepPing: Attack = {
  name: 'deep-ping',
  what: 'WebSocket messages of 9 KB, nested 4,500 deep, before and after connection_init',
  bound: '64 levels; the process goes on',
  async run(target) {
    const [person] = await target.people('deep');
    for (const token of [undefined, person?.token]) {
      for (const type of ['ping', 'pong', 'connection_init', 'subscribe', 'complete', 'next']) {
        const socket = await openSocket(target.socketUrl, token);
        socket.send(`{"type":"${type}","id":"1","payload":{"a":${nested(4_500)}}}`);
        socket.say({ type: 'ping' });
        await Promise.race([socket.closed, socket.until(({ type: heard }) => heard === 'pong')]);
        socket.close();
      }
    }
    return finding('12 sockets; /healthz is 200 after them', ['alive', await isAlive(target)]);
  },
};

export const bigPing: Attack = {
  name: 'big-ping',
  what: 'a ping whose payload is 12 KB',
  bound: 'payloads up to 1 KiB are echoed',
  async run(target) {
    const [person] = await target.people('ping');
    const socket = await openSocket(target.socketUrl, person?.token);
    socket.say({ type: 'ping', payload: { text: 'x'.repeat(12_000) } });
    const pong = await socket.until(({ type }) => type === 'pong');
    socket.close();
    const bytes = JSON.stringify(pong.payload ?? null).length;
    return finding(`the pong carries ${bytes} bytes`, ['bounded', bytes <= 1_100]);
  },
};

export const deepBodies: Attack = {
  name: 'deep-bodies',
  what: 'HTTP bodies, variables, custom data and documents nested 2,000 to 20,000 deep',
  bound: '64 levels; 4xx, never `internal`',
  async run(target) {
    const [person] = await target.people('deep');
    const authorization = { authorization: `Bearer ${person?.token}` };
    const sent = [
      nested(60_000),
      `{"query":"{me{id}}","variables":{"a":${nested(5_000)}}}`,
      `{"query":"{me{id}}","extensions":{"a":${nested(20_000)}}}`,
      `{"query":"mutation($c:JSONObject!){updateMe(input:{custom:$c}){id}}","variables":{"c":{"a":${nested(2_400)}}}}`,
      JSON.stringify({ query: `mutation{updateMe(input:{custom:{a:${nested(2_000)}}}){id}}` }),
      JSON.stringify({ query: '{me'.repeat(5_000) + '}'.repeat(5_000) }),
      JSON.stringify({ query: `query($v:${nested(5_000).replace('[]', '[Int]')}){me{id}}` }),
    ];
    const answers = await Promise.all(sent.map((body) => postBody(target, body, authorization)));
    const codes = answers.map(({ status, code }) => `${status} ${code}`);
    return finding(
      `${answers.length} bodies: ${[...new Set(codes)].join(', ')}`,
      ['refused as input', answers.every(({ status, code }) => status < 500 && code !== 'internal' && code !== null)],
      ['no stack overflow said', answers.every(({ message }) => !/call stack/i.test(message ?? ''))],
      ['alive', await isAlive(target)],
    );
  },
};

export const badInput: Attack = {
  name: 'bad-input',
  what: 'U+0000 in cursors, ids, filters and texts; dates before the year 1',
  bound: '4xx or an answer, never `internal`',
  async run(target) {
    const [person] = await target.people('input');
    const token = person?.token ?? '';
    const zero = String.fromCharCode(0);
    const cursor = Buffer.from(`["${zero}","a"]`).toString('base64url');
    const questions: readonly (readonly [string, Record<string, unknown>])[] = [
      ['query($v:String){users(after:$v){nodes{id}}}', { v: zero }],
      ['query($v:String){users(after:$v){nodes{id}}}', { v: cursor }],
      ['query($v:String){channels(after:$v){nodes{id}}}', { v: zero }],
      ['query($v:String){channels(after:$v){nodes{id}}}', { v: cursor }],
      ['query($v:ID!){channel(id:$v){id}}', { v: `messaging:${zero}` }],
      ['query($v:ID!){message(id:$v){id}}', { v: zero }],
      ['query($v:ID!){user(id:$v){id}}', { v: zero }],
      ['query($v:String!){users(filter:{name:{eq:$v}}){nodes{id}}}', { v: zero }],
      ['query($v:DateTime!){channels(filter:{createdAt:{gt:$v}}){nodes{id}}}', { v: '0000-01-01T00:00:00Z' }],
      ['query($v:DateTime!){channels(filter:{lastMessageAt:{gt:$v}}){nodes{id}}}', { v: '0000-12-31T23:59:59Z' }],
      ['mutation($v:JSONObject!){updateMe(input:{custom:$v}){id}}', { v: { a: zero } }],
      ['mutation($v:String!){updateMe(input:{name:$v}){id}}', { v: zero }],
    ];
    const answers = await Promise.all(questions.map(([query, variables]) => ask(target, token, query, variables)));
    const faulty = answers.filter(({ status, code }) => status >= 500 || code === 'internal');
    return finding(`${answers.length} inputs, ${faulty.length} answered with a fault of the server`, [
      'no fault of the server',
      faulty.length === 0,
    ]);
  },
};
