import { capabilities, channelTypes } from '@parley/contracts';
import { describe, expect, test } from 'vitest';
import { channelRoles, granted } from './grants.ts';

const can = (input: Parameters<typeof granted>[0]) => [...granted(input)].sort();

test('a back end and an admin may do everything, everywhere', () => {
  for (const type of channelTypes) {
    expect(can({ allPowerful: true, type, role: null })).toEqual([...capabilities].sort());
  }
});

describe('who is no member', () => {
  test('may do nothing in a private channel', () => {
    for (const type of ['messaging', 'team', 'support', 'ai'] as const)
      expect(can({ allPowerful: false, type, role: null })).toEqual([]);
  });

  test('reads and reacts in an open one, speaks in a livestream, and has nothing to leave or to mark as read', () => {
    expect(can({ allPowerful: false, type: 'broadcast', role: null })).toEqual(['read-channel', 'send-reaction']);
    const inLivestream = can({ allPowerful: false, type: 'livestream', role: null });
    expect(inLivestream).toContain('send-message');
    expect(inLivestream).not.toContain('leave-channel');
    expect(inLivestream).not.toContain('read-events');
  });
});

test('in a broadcast members listen, its owner and moderators speak', () => {
  const speaks = (role: (typeof channelRoles)[number]) =>
    granted({ allPowerful: false, type: 'broadcast', role }).has('send-message');
  expect(channelRoles.map(speaks)).toEqual([true, true, false]);
});

test.each(channelTypes)('in %s a stronger role may do all that a weaker one may', (type) => {
  const [owner, moderator, member] = channelRoles.map((role) => granted({ allPowerful: false, type, role }));
  const stranger = granted({ allPowerful: false, type, role: null });
  expect([...stranger].filter((name) => !member?.has(name))).toEqual([]);
  expect([...(member ?? [])].filter((name) => !moderator?.has(name))).toEqual([]);
  expect([...(moderator ?? [])].filter((name) => !owner?.has(name))).toEqual([]);
});

test('nobody in a channel puts words into another’s mouth', () => {
  for (const role of channelRoles)
    expect(granted({ allPowerful: false, type: 'team', role }).has('update-any-message')).toBe(false);
});

test('only an owner ends a channel or deletes for good', () => {
  for (const capability of ['delete-channel', 'hard-delete-message'] as const) {
    expect(channelRoles.map((role) => granted({ allPowerful: false, type: 'team', role }).has(capability))).toEqual([
      true,
      false,
      false,
    ]);
  }
});
