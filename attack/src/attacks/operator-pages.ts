import type { Attack } from '../attack.ts';
import { finding } from '../attack.ts';
import { sendRaw } from '../raw-request.ts';

/** As a proxy in front says it of who is not on this machine. */
const elsewhere = { 'x-forwarded-for': '203.0.113.7' };

export const operatorPages: Attack = {
  name: 'operator-pages',
  what: 'a stranger opens /metrics and /doctor through a proxy, in front and at every node',
  bound: 'none is shown',
  async run(target) {
    const places = [target.url, ...target.nodes.api, ...target.nodes.fanout].map((url) => new URL(url).origin);
    const pages = [...new Set(places)].flatMap((origin) => [`${origin}/metrics`, `${origin}/doctor`]);
    const shown: string[] = [];
    for (const page of pages) {
      const response = await fetch(page, { redirect: 'manual', headers: elsewhere }).catch(() => null);
      if (response?.ok === true) shown.push(new URL(page).pathname);
      await response?.body?.cancel();
    }
    return finding(`${pages.length} pages, ${shown.length} shown`, ['hidden', shown.length === 0]);
  },
};

export const busWithoutCredentials: Attack = {
  name: 'bus-without-credentials',
  what: 'whoever reaches NATS connects without credentials and listens to everything',
  bound: 'refused',
  needs: ({ nodes }) => nodes.nats.length > 0,
  async run(target) {
    const answers = await Promise.all(
      target.nodes.nats.map((url) => {
        const { hostname, port } = new URL(url);
        const hello = 'CONNECT {"verbose":false}\r\nSUB > 1\r\nPING\r\n';
        return sendRaw({ host: hostname, port: Number(port) }, hello, {
          ms: 3_000,
          enough: (text) => text.includes('PONG'),
        });
      }),
    );
    const refused = answers.every(({ text }) => /-ERR.*authorization/i.test(text) && !text.includes('PONG'));
    return finding(`${answers.length} servers: ${refused ? 'Authorization Violation' : 'let in'}`, [
      'refused',
      refused,
    ]);
  },
};
