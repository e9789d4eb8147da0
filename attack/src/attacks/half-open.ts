import type { Attack } from '../attack.ts';
import { finding } from '../attack.ts';
import { sendRaw } from '../raw-request.ts';
import type { Target } from '../target.ts';

/** Where TCP connections can be made: the address in front, and every node that can be reached. */
const places = (target: Target): readonly { host: string; port: number }[] =>
  [target.url, ...target.nodes.api, ...target.nodes.fanout].map((text) => {
    const { hostname, port } = new URL(text);
    return { host: hostname, port: Number(port) };
  });

const boundMs = 45_000;

export const halfOpen: Attack = {
  name: 'half-open',
  what: 'requests whose headers, or body, never end',
  bound: `ended within ${boundMs / 1_000} s on every listener`,
  long: true,
  async run(target) {
    const unfinished = [
      'POST /graphql HTTP/1.1\r\nhost: a\r\nx-slow: ',
      'POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{',
    ];
    const tries = places(target).flatMap((place) =>
      unfinished.map((bytes) => sendRaw(place, bytes, { ms: boundMs + 5_000 })),
    );
    const answers = await Promise.all(tries);
    const worst = Math.max(...answers.map(({ ms }) => ms));
    return finding(`${answers.length} connections, the last ended after ${(worst / 1_000).toFixed(1)} s`, [
      'all ended',
      answers.every(({ ended, ms }) => ended && ms <= boundMs),
    ]);
  },
};
