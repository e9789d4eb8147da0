import type { LoggedEvent, Message } from '@parley/contracts';
import { buildUser } from '@parley/testkit/builders';
import { expect, test } from 'vitest';
import { messageOf } from '../../test/chat.ts';
import { eventTexts } from './event-texts.ts';

const at = '2026-01-01T00:00:00.000Z';
const place = { seq: 7, at, channelId: 'messaging:general', actor: null } as const;
const quoted = messageOf('one', 'messaging:general', 3, 'quoted secret', at);
const message: Message = {
  ...messageOf('two', 'messaging:general', 7, 'secret "}, \u0001', at),
  quoted,
  quotedId: 'quoted-secret',
  custom: { note: 'secret' },
  replyCount: 4,
};

test('what is published is the event, and what is stored is the event without what was said', () => {
  const events: readonly LoggedEvent[] = [
    { __typename: 'MessageCreated', ...place, message },
    { __typename: 'MessageDeleted', ...place, message, hard: true },
  ];
  for (const event of events) {
    const { published, stored } = eventTexts(event);
    expect(JSON.parse(published)).toEqual(event);
    expect(stored).not.toContain('secret');
    const { text: _t, attachments: _a, mentionedUsers: _m, quoted: _q, quotedId: _i, custom: _c, ...kept } = message;
    expect(JSON.parse(stored)).toEqual({ ...event, message: kept });
  }
});

test('of users the log keeps the ids alone', () => {
  const user = buildUser({ id: 'ada', name: 'Ada Secret', custom: { city: 'Secret' } });
  const person = { id: 'ada' };
  const logged = { ...place, actor: user };
  const member = { user, role: 'member', createdAt: at, custom: { seat: 1 } };
  const added: LoggedEvent = { __typename: 'MembersAdded', ...logged, members: [member], memberCount: 1 };
  expect(JSON.parse(eventTexts(added).published)).toEqual(added);
  expect(JSON.parse(eventTexts(added).stored)).toEqual({
    ...added,
    actor: person,
    members: [{ ...member, user: person }],
  });
  const sent: LoggedEvent = { __typename: 'MessageCreated', ...logged, message: { ...message, user } };
  expect(JSON.parse(eventTexts(sent).published)).toEqual(sent);
  expect(eventTexts(sent).stored).not.toContain('Secret');
  expect(JSON.parse(eventTexts(sent).stored)).toMatchObject({ actor: person, message: { user: person } });
});

test('an event without a message is stored as it is published', () => {
  const event: LoggedEvent = { __typename: 'MembersRemoved', ...place, userIds: ['bob'], memberCount: 1 };
  const { published, stored } = eventTexts(event);
  expect(stored).toBe(published);
  expect(JSON.parse(stored)).toEqual(event);
});
