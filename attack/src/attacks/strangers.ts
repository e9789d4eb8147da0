import { randomUUID } from 'node:crypto';
import { type Answer, ask } from '../ask.ts';
import type { Attack } from '../attack.ts';
import { finding } from '../attack.ts';
import { memoryIsReadable, residentMiB } from '../memory.ts';
import { watchHealth } from '../watch-health.ts';

const most = (answers: readonly Answer[]): string => {
  const counts = new Map<string, number>();
  for (const { status } of answers) counts.set(String(status), (counts.get(String(status)) ?? 0) + 1);
  return [...counts].map(([status, count]) => `${count} × ${status}`).join(', ');
};

/** A document that is large to parse and to validate, and like no other. */
const heavyDocument = (length: number): string => {
  let text = `query q${randomUUID().replaceAll('-', '')}{`;
  for (let index = 0; text.length < length; index += 1) text += `a${index}:me{id name custom} `;
  return `${text}}`;
};

const requests = 500;
const growthMiB = 100;

export const strangersDocuments: Attack = {
  name: 'strangers-documents',
  what: `${requests} requests without a token, each with another document of 2 KB, then ${requests} with a wrong one, twice`,
  bound: `the nodes grow by at most ${growthMiB} MiB in the second round; /healthz within 250 ms`,
  needs: memoryIsReadable,
  long: true,
  async run(target) {
    const answers: Answer[] = [];
    const sendAll = async () => {
      for (const token of [null, 'aaaa.bbbb.cccc'])
        for (let sent = 0; sent < requests; sent += 50)
          answers.push(
            ...(await Promise.all(Array.from({ length: 50 }, () => ask(target, token, heavyDocument(2_000))))),
          );
    };
    // The first thousand grow pools and heaps; what is kept grows with the second too.
    await sendAll();
    const before = residentMiB(target);
    const watch = watchHealth(`${target.url}/healthz`);
    await sendAll();
    const { worstMs, failed } = await watch.stop();
    const growth = residentMiB(target) - before;
    return finding(
      `${most(answers)}; ${Math.round(growth)} MiB more; /healthz at worst ${Math.round(worstMs)} ms`,
      ['memory', growth <= growthMiB],
      ['refused', answers.every(({ status }) => [400, 401, 429].includes(status))],
      ['healthy', failed === 0 && worstMs <= 250],
    );
  },
};

export const strangersIntrospection: Attack = {
  name: 'strangers-introspection',
  what: 'introspection under 30 aliases, without a token',
  bound: 'at most 256 KiB, or refused',
  async run(target) {
    const one = '__schema{types{name description fields{name description type{name kind} args{name description}}}}';
    const aliases = Array.from({ length: 30 }, (_, index) => `a${index}:${one}`).join(' ');
    const answer = await ask(target, null, `{${aliases}}`);
    return finding(`${answer.status} ${answer.code}, ${answer.bytes} bytes`, ['small', answer.bytes <= 256 * 1_024]);
  },
};
