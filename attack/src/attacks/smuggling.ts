import { randomUUID } from 'node:crypto';
import { ask } from '../ask.ts';
import type { Attack } from '../attack.ts';
import { finding } from '../attack.ts';
import { sendRaw, statusesIn } from '../raw-request.ts';

const forms: readonly (readonly [method: string, headers: readonly string[], framing: 'chunked' | 'length'])[] = [
  ...['GET', 'HEAD', 'OPTIONS', 'DELETE'].flatMap(
    (method) =>
      [
        [method, ['transfer-encoding: chunked'], 'chunked'],
        [method, ['connection: content-length'], 'length'],
        [method, ['connection: keep-alive, Content-Length'], 'length'],
        [method, ['connection: transfer-encoding', 'transfer-encoding: chunked'], 'chunked'],
      ] as const,
  ),
  ['POST', ['transfer-encoding: chunked', 'content-length: 5'], 'chunked'],
  ['POST', ['transfer-encoding : chunked'], 'chunked'],
  ['POST', ['transfer-encoding: xchunked'], 'chunked'],
  ['POST', ['transfer-encoding: chunked, identity'], 'chunked'],
  ['POST', ['content-length: +5', 'x: y'], 'chunked'],
  ['POST', ['connection: content-length'], 'length'],
];

export const smuggledRequest: Attack = {
  name: 'smuggled-request',
  what: 'a request hidden in the body of another, in 22 forms of framing',
  bound: '0 hidden requests run',
  async run(target) {
    const [person] = await target.people('smuggler');
    if (person === undefined) throw new Error('no person');
    const host = `${target.host}:${target.port}`;
    let extraAnswers = 0;
    const names = new Set<string>();
    for (const [method, headers, framing] of forms) {
      const name = `hidden ${randomUUID()}`;
      names.add(name);
      const body = JSON.stringify({ query: `mutation{updateMe(input:{name:"${name}"}){id}}` });
      const hidden =
        `POST /graphql HTTP/1.1\r\nhost: ${host}\r\nauthorization: Bearer ${person.token}\r\ncontent-type: application/json\r\n` +
        `content-length: ${body.length}\r\n\r\n${body}`;
      const carried = framing === 'chunked' ? `${hidden.length.toString(16)}\r\n${hidden}\r\n0\r\n\r\n` : hidden;
      const length = framing === 'length' ? [`content-length: ${carried.length}`] : [];
      const head = [`${method} /graphql HTTP/1.1`, `host: ${host}`, ...headers, ...length].join('\r\n');
      const { text } = await sendRaw(target, `${head}\r\n\r\n${carried}`, { ms: 300 });
      if (statusesIn(text).length > 1 && text.includes('"updateMe"')) extraAnswers += 1;
    }
    const me = await ask(target, person.token, '{me{name}}');
    const ran = [...names].some((name) => JSON.stringify(me.data).includes(name));
    return finding(
      `${forms.length} forms: ${ran ? 'a hidden mutation ran' : '0 ran'}, ${extraAnswers} hidden answers`,
      ['nothing hidden ran', !ran],
      ['one answer a request', extraAnswers === 0],
    );
  },
};

export const cleartextUpgrade: Attack = {
  name: 'h2c-upgrade',
  what: 'a request that offers `Upgrade: h2c`, as the HTTP client of Java does',
  bound: 'answered as if it did not',
  async run(target) {
    const query = '/graphql?query=%7B__typename%7D';
    const request =
      `GET ${query} HTTP/1.1\r\nhost: ${target.host}:${target.port}\r\nconnection: Upgrade, HTTP2-Settings\r\nupgrade: h2c\r\n` +
      'http2-settings: AAMAAABkAARAAAAAAAIAAAAA\r\naccept: application/graphql-response+json\r\n\r\n';
    const { text } = await sendRaw(target, request, { ms: 5_000, enough: (some) => some.includes('__typename') });
    const [status] = statusesIn(text);
    return finding(`status ${status}`, ['answered', status === 200]);
  },
};
