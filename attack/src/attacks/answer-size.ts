import { ask } from '../ask.ts';
import type { Attack } from '../attack.ts';
import { finding } from '../attack.ts';
import { memoryIsReadable, residentMiB } from '../memory.ts';
import { watchHealth } from '../watch-health.ts';

const messages = 100;
/** Of one message, near the most that may be stored. */
const attachment = { type: 'file', title: 'x'.repeat(240), custom: { text: 'x'.repeat(1_800) } };
const largestAnswer = 8 * 1_024 * 1_024;

export const largeAnswer: Attack = {
  name: 'large-answer',
  what: '30 aliases of 100 messages of about 70 KB: 200 MB from one query of 2 KB',
  bound: '8 MiB an answer, query_too_complex with the field; nodes grow by at most 300 MiB; /healthz within 250 ms',
  needs: memoryIsReadable,
  long: true,
  async run(target) {
    const [person] = await target.people('large');
    if (person === undefined) throw new Error('no person');
    const channelId = await target.channel(person);
    const attachments = Array.from({ length: 28 }, () => attachment);
    for (let sent = 0; sent < messages; sent += 10)
      await Promise.all(
        Array.from({ length: 10 }, () =>
          target.server.sendMessage(person.id, { channelId, text: 'x'.repeat(10_000), attachments }),
        ),
      );
    const before = residentMiB(target);
    const watch = watchHealth(`${target.url}/healthz`);
    const field = 'messages(last:100){nodes{text attachments{title custom}}}';
    const aliases = Array.from({ length: 30 }, (_, index) => `a${index}:${field}`).join(' ');
    const query = `query($id:ID!){channel(id:$id){${aliases}}}`;
    const answers = await Promise.all(
      Array.from({ length: 4 }, () => ask(target, person.token, query, { id: channelId })),
    );
    const { worstMs, failed } = await watch.stop();
    const growth = residentMiB(target) - before;
    const [first] = answers;
    return finding(
      `${first?.status} ${first?.code} ${first?.message?.slice(0, 90) ?? ''}…; ${Math.round(growth)} MiB more; /healthz at worst ${Math.round(worstMs)} ms`,
      ['bounded', answers.every(({ bytes }) => bytes <= largestAnswer)],
      ['refused with its code', answers.every(({ code }) => code === 'query_too_complex' || code === 'rate_limited')],
      ['memory', growth <= 300],
      ['healthy', failed === 0 && worstMs <= 250],
    );
  },
};
