import { sdl } from '@parley/contracts/sdl';
import { buildSchema, execute, parse } from 'graphql';
import { expect, test } from 'vitest';
import { newerLogged } from '../../test/events.ts';
import { EventSchema } from './event-schema.ts';
import type { FanoutEvent } from './renderer.ts';

const document = parse(`subscription { channelEvents(channelId: "a:b") {
  __typename channelId ... on LoggedEvent { seq actor { id } } ... on MessageCreated { message { id } } } }`);
const newer = (name: string): FanoutEvent => ({ ...newerLogged(name), channelId: 'messaging:general', seq: 7 });

test('a newer kind is rendered as far as any document of this schema can ask', () => {
  const schema = new EventSchema(buildSchema(sdl));
  const event = newer('MessagePinned');
  expect(execute({ schema: schema.for(event), document, rootValue: { channelEvents: event } })).toEqual({
    data: {
      channelEvents: { __typename: 'MessagePinned', channelId: 'messaging:general', seq: 7, actor: { id: 'ada' } },
    },
  });
});

test('known kinds use one schema, and newer kinds stay within a bound', () => {
  const base = buildSchema(sdl);
  const schema = new EventSchema(base);
  const known = newer('ChannelDeleted');
  expect(schema.for(known)).toBe(base);
  for (let index = 0; index < 1_000; index += 1) {
    const event = newer(`Kind${index}`);
    expect(schema.for(event)).toBe(schema.for(event));
    expect(schema.for(event).getType(`Kind${index}`)).toBeDefined();
  }
  const types = Object.keys(schema.for(newer('Last')).getTypeMap()).length;
  expect(types).toBeLessThanOrEqual(Object.keys(base.getTypeMap()).length + 100);
});
