import { sdl } from '@parley/contracts/sdl';
import { buildSchema, parse, validate } from 'graphql';
import { expect, test } from 'vitest';
import * as lists from '../channel-list/documents.ts';
import * as channels from '../channels/documents.ts';
import * as inbox from '../inbox/documents.ts';
import * as messages from '../messages/documents.ts';
import { presenceSubscription } from '../presence/documents.ts';
import * as users from '../users/documents.ts';

const schema = buildSchema(sdl);
const documents = Object.entries({ ...lists, ...channels, ...inbox, ...messages, ...users, presenceSubscription });

test.each(documents)('%s fits the schema', (_name, document) => {
  expect(validate(schema, parse(document)).map(({ message }) => message)).toEqual([]);
});

test('what the server runs once for all selects nothing that depends on who asks', () => {
  for (const document of [channels.eventsSubscription, inbox.inboxSubscription]) {
    expect(document).not.toMatch(/ownReactions|viewer|members\(|messages\(/);
  }
});
