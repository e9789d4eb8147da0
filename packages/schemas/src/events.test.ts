import { isLogged } from '@parley/contracts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { z } from 'zod';
import { buildArbitraries } from '../../contracts/test/arbitraries.ts';
import { appBusMessage, channelBusMessage, presenceBusMessage, userBusMessage } from './bus-messages.ts';
import { channelEvent, ephemeralEvent, loggedEvent } from './channel-events.ts';
import { inboxEvent } from './inbox-events.ts';
import { channel, member, message, user } from './objects.ts';

const any = buildArbitraries();

describe('whatever our services make is parsed to the same, also after a journey as JSON', () => {
  const cases: readonly (readonly [string, fc.Arbitrary<unknown>, z.ZodType])[] = [
    ['user', any.user, user],
    ['channel', any.channel, channel],
    ['member', any.member, member],
    ['message', any.message, message],
    ['channel event', any.channelEvent, channelEvent],
    ['inbox event', any.inboxEvent, inboxEvent],
    ['inbox message on the bus', any.inboxEvent.map((event) => ({ kind: 'inbox', events: [event] })), userBusMessage],
  ];
  test.each(cases)('%s', (_name, arbitrary, schema) => {
    fc.assert(
      fc.property(arbitrary, (value) => {
        const journeyed: unknown = JSON.parse(JSON.stringify(value));
        expect(schema.parse(journeyed)).toEqual(journeyed);
      }),
    );
  });
});

test('the log, what is passing and the markers are told apart', () => {
  fc.assert(
    fc.property(any.channelEvent, (event) => {
      const marker = event.__typename === 'ChannelSynced' || event.__typename === 'ChannelReset';
      expect(loggedEvent.safeParse(event).success).toBe(isLogged(event));
      expect(ephemeralEvent.safeParse(event).success).toBe(!isLogged(event) && !marker);
      expect(channelBusMessage.safeParse({ events: [event] }).success).toBe(!marker);
    }),
  );
});

test('an event that lacks something, or has it in another form, is refused', () => {
  const [event] = fc.sample(any.channelEvent.filter(isLogged), 1);
  if (event === undefined) throw new Error('expected an event');
  for (const key of Object.keys(event)) {
    expect(channelEvent.safeParse({ ...event, [key]: undefined }).success).toBe(false);
    expect(channelEvent.safeParse({ ...event, [key]: Symbol('x') }).success).toBe(false);
  }
  for (const seq of [0, -1, 1.5, '1', Number.NaN]) expect(loggedEvent.safeParse({ ...event, seq }).success).toBe(false);
  for (const at of ['2026-01-31', '2026-01-31T12:00:00Z', '2026-01-31T12:00:00.000+01:00', ''])
    expect(channelEvent.safeParse({ ...event, at }).success).toBe(false);
});

test('a field that a newer node added does no harm', () => {
  const presence = { __typename: 'PresenceChanged', userId: 'ada', online: true, lastActiveAt: null };
  expect(presenceBusMessage.parse({ event: { ...presence, mood: 'good' } })).toEqual({ event: presence });
});

test('revocations are read from the bus', () => {
  const revoked = { kind: 'revoked', issuedBefore: '2026-01-31T12:00:00.000Z' };
  expect(userBusMessage.parse(revoked)).toEqual(revoked);
  expect(appBusMessage.parse({ ...revoked, keyId: null })).toEqual({ ...revoked, keyId: null });
  expect(appBusMessage.safeParse(revoked).success).toBe(false);
});
