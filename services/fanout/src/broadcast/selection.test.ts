import { sdl } from '@parley/contracts/sdl';
import { fakeClock } from '@parley/testkit';
import { buildSchema } from 'graphql';
import { expect, test } from 'vitest';
import { presence } from '../../test/events.ts';
import { someQuota } from '../../test/quota.ts';
import { createCounters } from '../counters.ts';
import { Documents } from './documents.ts';
import { Renderer } from './renderer.ts';
import { Selections } from './selection.ts';

const schema = buildSchema(sdl);
const query = 'subscription ($ids: [ID!]!) { presence(userIds: $ids) { userId online } }';

function setUp() {
  const documents = new Documents(schema);
  const operation = documents.prepare(query, undefined);
  if (operation.kind !== 'subscription') throw new TypeError('not a subscription');
  const selections = new Selections(schema, documents);
  const counters = createCounters();
  const quota = someQuota();
  const renderer = new Renderer({ schema, counters, mapResult: (result) => result, stopwatch: () => 0 });
  const hold = (watched: string, of = quota, more = {}) =>
    selections.hold(operation, { ids: [watched], ...more }, { quota: of }).selection;
  return { documents, selections, counters, quota, renderer, hold };
}

test('subscribers who get the same bytes hold one selection, gone with the last of them', () => {
  const { selections, quota, hold } = setUp();
  const [ada, bob] = [hold('ada'), hold('bob')];
  expect(ada).toBe(bob);
  selections.release(ada, quota);
  expect(selections.size).toBe(1);
  selections.release(bob, quota);
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
  const other = setUp().hold('bob');
  renderer.render(other, presence('bob', true));
  expect(selection).toMatchObject({ event: undefined, payload: undefined });
});

test('of the variables only those are kept on which the result depends', () => {
  const { hold } = setUp();
  const selection = hold('ada', undefined, { unused: 'x'.repeat(100_000) });
  expect(selection.variables).toEqual({});
  expect(JSON.stringify(selection.operation.document)).not.toContain('ids');
});

test('a document counts once for a user, however many subscriptions have it, and is let go of with the last', () => {
  const { documents, selections, quota, hold } = setUp();
  const selection = hold('ada');
  const { bytes } = selection.operation;
  hold('ada');
  expect(quota.retainedBytes).toBe(bytes);
  expect(documents.used).toBe(1);
  selections.release(selection, quota);
  selections.release(selection, quota);
  expect(quota.retainedBytes).toBe(0);
  expect(documents.used).toBe(0);
});

test('a user to whom another document would be too much is refused with the limit and the cure', () => {
  const { hold } = setUp();
  const poor = someQuota({ retainedBytesPerUser: 100 });
  expect(() => hold('ada', poor)).toThrow(/over 100 bytes .* complete some first/);
  expect(poor.retainedBytes).toBe(0);
});

test('who takes too long to render for is ended when nobody else sees the same, and is not charged when somebody does', () => {
  const { documents } = setUp();
  const clock = fakeClock();
  let now = 0;
  const renderer = new Renderer({
    schema,
    counters: createCounters(),
    mapResult: (result) => result,
    stopwatch: () => {
      now += 1_500;
      return now;
    },
  });
  const operation = documents.prepare(query, undefined);
  if (operation.kind !== 'subscription') throw new TypeError('not a subscription');
  const selections = new Selections(schema, documents);
  const [hostile, other] = [someQuota({}, clock), someQuota({}, clock)];
  const { selection } = selections.hold(operation, { ids: ['a'] }, { quota: hostile });
  const render = () => renderer.render(selection, presence('ada', true));
  for (let event = 0; event < 2; event += 1) render();
  expect(render).toThrow(/results for this user alone take over 200 ms of a second/);
  selections.hold(operation, { ids: ['b'] }, { quota: other });
  expect(render).not.toThrow();
  expect(other.owedMs).toBe(0);
});
