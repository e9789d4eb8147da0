import fc from 'fast-check';
import { buildSchema, isObjectType } from 'graphql';
import { expect, test } from 'vitest';
import { buildArbitraries } from '../../test/arbitraries.ts';
import { sdl } from '../sdl.ts';
import { channelEventKinds } from './channel-events.ts';

const schema = buildSchema(sdl);
const any = buildArbitraries();

const namesOf = (interfaceName: string): string[] => {
  const type = schema.getType(interfaceName);
  if (type === undefined || !('getInterfaces' in type) || isObjectType(type)) throw new Error(`no ${interfaceName}`);
  return schema
    .getPossibleTypes(type)
    .map(({ name }) => name)
    .sort();
};
const fieldsOf = (name: string): string[] => {
  const type = schema.getType(name);
  return isObjectType(type) ? Object.keys(type.getFields()).sort() : [];
};
const keysOf = (arbitrary: fc.Arbitrary<object>): string[] =>
  Object.keys(fc.sample(arbitrary, 1)[0] ?? {})
    .filter((key) => key !== '__typename')
    .sort();

test('the schema has each kind of event of a channel, and no other', () => {
  expect(namesOf('ChannelEvent')).toEqual(Object.keys(channelEventKinds).sort());
  const logged = Object.entries(channelEventKinds).filter(([, kind]) => kind === 'logged');
  expect(namesOf('LoggedEvent')).toEqual(logged.map(([name]) => name).sort());
});

test('the schema has each kind of event of the inbox, and no other', () => {
  expect(namesOf('InboxEvent')).toEqual(Object.keys(any.inboxEvents).sort());
});

test.each(Object.entries({ ...any.channelEvents, ...any.inboxEvents }))(
  'the schema shows each field of %s, and no other',
  (name, arbitrary: fc.Arbitrary<object>) => {
    expect(fieldsOf(name)).toEqual(keysOf(arbitrary));
  },
);

test.each([
  ['User', any.user],
  ['Channel', any.channel],
  ['Member', any.member],
  ['Message', any.message],
  ['Reaction', any.reaction],
] as const)('the schema shows each field of a %s', (name, arbitrary: fc.Arbitrary<object>) => {
  expect(fieldsOf(name)).toEqual(expect.arrayContaining(keysOf(arbitrary)));
});
