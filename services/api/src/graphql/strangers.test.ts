import { expect, test } from 'vitest';
import { createStrangers } from './strangers.ts';

const refusal = (limit: number) =>
  expect.objectContaining({ code: 'rate_limited', details: { limit, retryAfterMs: expect.any(Number) } });
const rates = { strangerRequestsPerMinute: 3, strangersRequestsPerMinute: 1_000 };

test('one address is held back, the others are not', async () => {
  const strangers = createStrangers(rates);
  for (let at = 0; at < 3; at += 1) await strangers.count('1.2.3.4', 1);
  await expect(strangers.count('1.2.3.4', 1)).rejects.toEqual(refusal(3));
  await strangers.count('1.2.3.5', 3);
});

test('an IPv6 address is its neighbours too: who has one has all of the same 64 bits', async () => {
  const strangers = createStrangers(rates);
  for (let at = 0; at < 3; at += 1) await strangers.count(`2001:db8:1:2::${at}`, 1);
  await expect(strangers.count('2001:db8:1:2:ffff::9', 1)).rejects.toEqual(refusal(3));
  await strangers.count('2001:db8:1:3::1', 1);
});

test('bad tokens count as requests of strangers, and then none that is not known is looked at', async () => {
  const strangers = createStrangers(rates);
  await strangers.admitUnknownToken('1.2.3.4');
  for (let at = 0; at < 5; at += 1) await strangers.countBadToken('1.2.3.4');
  await expect(strangers.admitUnknownToken('1.2.3.4')).rejects.toEqual(refusal(3));
  await expect(strangers.count('1.2.3.4', 1)).rejects.toEqual(refusal(3));
  await strangers.admitUnknownToken('1.2.3.5');
});

test('strangers of many addresses share what the node has for all of them', async () => {
  const strangers = createStrangers({ strangerRequestsPerMinute: 3, strangersRequestsPerMinute: 10 });
  const asked = Array.from({ length: 12 }, (_, at) => strangers.count(`10.0.0.${at}`, 1));
  const refused = (await Promise.allSettled(asked)).filter(({ status }) => status === 'rejected');
  expect(refused).toEqual(Array.from({ length: 2 }, () => ({ status: 'rejected', reason: refusal(10) })));
  // Whose token is good does not wait for strangers.
  await strangers.admitUnknownToken('10.0.1.1');
});
