import { sdl } from '@parley/contracts/sdl';
import { buildSchema } from 'graphql';
import { expect, test } from 'vitest';
import { presence } from '../../test/events.ts';
import { createCounters } from '../counters.ts';
import { Documents } from './documents.ts';
import { Renderer } from './renderer.ts';
import { Selections } from './selection.ts';

const schema = buildSchema(sdl);
const query = 'subscription ($ids: [ID!]!) { presence(userIds: $ids) { userId online } }';

function setUp() {
  const operation = new Documents(schema).prepare(query, undefined);
  if (operation.kind !== 'subscription') throw new TypeError('not a subscription');
  const selections = new Selections(schema);
  const counters = createCounters();
  const renderer = new Renderer(schema, counters, (result) => result);
  const hold = (viewerId: string) => selections.hold(operation, { ids: [viewerId] }, viewerId).selection;
  return { selections, counters, renderer, hold };
}

test('subscribers who get the same bytes hold one selection, gone with the last of them', () => {
  const { selections, hold } = setUp();
  const [ada, bob] = [hold('ada'), hold('bob')];
  expect(ada).toBe(bob);
  selections.release(ada);
  expect(selections.size).toBe(1);
  selections.release(bob);
  expect(selections.size).toBe(0);
  expect(hold('eve')).not.toBe(ada);
});

test('events that take turns are rendered once each', () => {
  const { counters, renderer, hold } = setUp();
  const selection = hold('ada');
  const events = [presence('ada', true), presence('bob', false)];
  for (let turn = 0; turn < 3; turn += 1)
    for (const event of events)
      expect(JSON.parse(String(renderer.render(selection, event).json))).toMatchObject({
        data: { presence: { userId: event.userId, online: event.online } },
      });
  expect(counters.executions).toBe(2);
});

test('what was rendered of the event before is not held by those who saw it', () => {
  const { renderer, hold } = setUp();
  const selection = hold('ada');
  renderer.render(selection, presence('ada', true));
  const other = new Selections(schema).hold(selection.operation, selection.variables, 'bob').selection;
  renderer.render(other, presence('bob', true));
  expect(selection).toMatchObject({ event: undefined, payload: undefined });
});
