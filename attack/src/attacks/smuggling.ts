import { sendRaw, smugglingForms, uniqueId } from '@parley/testkit';
import { ask } from '../ask.ts';
import type { Attack } from '../attack.ts';
import { finding } from '../attack.ts';

/** In how many connections at a time. */
const together = 8;

export const smuggledRequest: Attack = {
  name: 'smuggled-request',
  what: `a request hidden in another, in ${smugglingForms.length} forms, while others ask over kept connections`,
  bound: '0 hidden requests run; everybody gets their own answer',
  async run(target) {
    const token = await target.server.mintServerToken();
    const [other] = await target.people('other');
    const host = `${target.host}:${target.port}`;
    const sent = smugglingForms
      .filter(({ pipelined = false }) => !pipelined)
      .map((form) => ({ form, id: uniqueId('hidden') }));
    const attackAll = async () => {
      for (let index = 0; index < sent.length; index += together)
        await Promise.all(
          sent.slice(index, index + together).map(({ form, id }) => {
            const body = JSON.stringify({ query: `mutation{upsertUsers(input:{users:[{id:"${id}"}]}){id}}` });
            const lines = [`Host: ${host}`, 'Content-Type: application/json', `Authorization: Bearer ${token}`];
            const hidden = `POST /graphql HTTP/1.1\r\n${lines.join('\r\n')}\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
            return sendRaw(target.port, form.bytes({ host, hidden }));
          }),
        );
    };
    let over = false;
    let asked = 0;
    let foreign = 0;
    const askOn = async () => {
      while (!over) {
        const alias = `a${asked}`;
        asked += 1;
        const { data } = await ask(target, other?.token ?? '', `{${alias}:me{id}}`);
        if (data === null || !(alias in data)) foreign += 1;
      }
    };
    const others = Promise.all([askOn(), askOn()]);
    await attackAll();
    over = true;
    await others;
    const ran: string[] = [];
    for (const { form, id } of sent) {
      const { user } = await target.server.execute<{ user: unknown }>('query($id:ID!){user(id:$id){id}}', { id });
      if (user !== null) ran.push(form.name);
    }
    return finding(
      `${sent.length} forms, ${ran.length} ran; ${asked} questions of others, ${foreign} with another's answer`,
      [`nothing hidden runs (${ran.join(', ')})`, ran.length === 0],
      ['own answers', foreign === 0],
    );
  },
};

export const cleartextUpgrade: Attack = {
  name: 'h2c-upgrade',
  what: 'a request that offers `Upgrade: h2c`, as the HTTP client of Java does, in front and at every node',
  bound: 'answered as if it did not',
  async run(target) {
    const places = [target.url, ...target.nodes.api].map((url) => new URL(url));
    const statuses = await Promise.all(
      places.map(async ({ host, port }) => {
        const lines = [
          `Host: ${host}`,
          'Connection: Upgrade, HTTP2-Settings',
          'Upgrade: h2c',
          'HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA',
        ];
        const head = [
          'GET /graphql?query=%7B__typename%7D HTTP/1.1',
          ...lines,
          'Accept: application/graphql-response+json',
        ];
        return /^HTTP\/1\.1 (\d{3})/.exec(await sendRaw(Number(port), `${head.join('\r\n')}\r\n\r\n`))?.[1];
      }),
    );
    return finding(`status ${statuses.join(', ')}`, ['answered', statuses.every((status) => status === '200')]);
  },
};
