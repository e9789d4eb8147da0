import fc from 'fast-check';
import { expect, test } from 'vitest';
import { buildArbitraries } from '../../test/arbitraries.ts';
import { isLogged, type LoggedEvent } from './channel-events.ts';
import { mapUsersOfEvent } from './map-users.ts';
import type { User } from './objects.ts';

const { channelEvents } = buildArbitraries();
const anyEvent = fc.oneof(...Object.values(channelEvents)).filter((event): event is LoggedEvent => isLogged(event));

/** Every object with the fields of a user, wherever it stands. */
function usersIn(value: unknown): User[] {
  if (typeof value !== 'object' || value === null) return [];
  const here = 'online' in value && 'lastActiveAt' in value && 'role' in value ? [value as unknown as User] : [];
  return [...here, ...Object.entries(value).flatMap(([key, part]) => (key === 'custom' ? [] : usersIn(part)))];
}

test('every user of every kind of event is replaced, wherever it stands, and nothing else', () => {
  fc.assert(
    fc.property(anyEvent, (event) => {
      const before = usersIn(event);
      const mapped = mapUsersOfEvent(event, (user) => ({ ...user, name: 'now' }));
      expect(usersIn(mapped)).toEqual(before.map((user) => ({ ...user, name: 'now' })));
      const text = JSON.stringify(mapUsersOfEvent(mapped, () => ({ id: 'x' }) as User));
      expect(text).toBe(JSON.stringify(mapUsersOfEvent(event, () => ({ id: 'x' }) as User)));
    }),
  );
});

test('an event whose users are as they were is the same object', () => {
  fc.assert(
    fc.property(anyEvent, (event) => {
      expect(mapUsersOfEvent(event, (user) => user)).toBe(event);
    }),
  );
});
