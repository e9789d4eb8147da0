import type { Principal } from '@parley/contracts/bus';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openChannel } from '../test/chat.ts';
import type { World, WorldApp } from '../test/world.ts';
import { createWorld } from '../test/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld({ poolSize: 20, rates: { userOperationsPerMinute: 40, keyOperationsPerMinute: 100_000 } });
});
afterAll(() => world.close());

const by = (user: string) => ({ as: { user } }) as const;

/** Keeps everybody from reading channels while `work` runs; it is given how many lists of them wait in the database. */
async function whileChannelsAreHeld(work: (waiting: () => Promise<number>) => Promise<void>): Promise<void> {
  const locked = Promise.withResolvers<void>();
  const held = Promise.withResolvers<void>();
  const lock = world.db.transaction(async (sql) => {
    await sql.query('LOCK TABLE channels IN ACCESS EXCLUSIVE MODE');
    locked.resolve();
    await held.promise;
  });
  await locked.promise;
  const waiting = async () => {
    const [row] = await world.db.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%page AS MATERIALIZED%'`,
    );
    return row?.count ?? 0;
  };
  try {
    await work(waiting);
  } finally {
    held.resolve();
    await lock;
  }
}

async function principalOf(app: WorldApp, user: string): Promise<Principal> {
  return await world.call('session.open', { token: await app.token(user), origin: null });
}

test('who floods waits for itself: others are answered while all that it asked is held, whichever way it came', async () => {
  const app = await world.app();
  await app.users('eve', 'bob');
  const eve = await principalOf(app, 'eve');
  const query = '{ channels { nodes { id } } }';
  let answered = 0;
  let flood: readonly Promise<void>[] = [];
  await whileChannelsAreHeld(async (waiting) => {
    flood = Array.from({ length: 30 }, async (_, at) => {
      if (at % 2 === 0) await app.execute(query, {}, by('eve'));
      else await world.call('graphql.execute', { principal: eve, operation: { query }, requestId: 'r' });
      answered += 1;
    });
    await expect.poll(waiting).toBe(2);
    expect(await app.data('{ me { id } }', {}, by('bob'))).toEqual({ me: { id: 'bob' } });
    expect([await waiting(), answered]).toEqual([2, 0]);
  });
  await Promise.all(flood);
  expect(answered).toBe(30);
});

test('writing goes on while reads are held', async () => {
  const app = await world.app();
  await app.users('eve', 'bob');
  let flood: readonly Promise<unknown>[] = [];
  await whileChannelsAreHeld(async (waiting) => {
    flood = Array.from({ length: 30 }, () => app.execute('{ channels { nodes { id } } }', {}, by('eve')));
    await expect.poll(waiting).toBe(2);
    const renamed = await app.data('mutation { updateMe(input: { name: "Eve" }) { name } }', {}, by('eve'));
    expect(renamed).toEqual({ updateMe: { name: 'Eve' } });
  });
  await Promise.all(flood);
});

test('an operation that reads much counts as several, for its user alone', async () => {
  const app = await world.app();
  await openChannel(world.db, app.appId, 'messaging:much', ['eve', 'bob']);
  await world.db.query(
    `INSERT INTO messages (app_id, message_id, channel_id, seq, user_id, text)
       SELECT $1, gen_random_uuid(), 'messaging:much', n, 'eve', repeat('x', 60000) FROM generate_series(1, 100) n`,
    [app.appId],
  );
  const much = '{ channel(id: "messaging:much") { messages(last: 100) { nodes { text } } } }';
  await app.data(much, {}, by('eve'));
  const refused = await app.execute('{ me { id } }', {}, by('eve'));
  expect(refused.errors?.[0]?.extensions).toMatchObject({
    code: 'rate_limited',
    limit: 40,
    retryAfterMs: expect.any(Number),
  });
  expect(await app.data('{ me { id } }', {}, by('bob'))).toEqual({ me: { id: 'bob' } });
});

test.each([
  ['inbox.open', { after: null, page: null }],
  ['presence.read', { userIds: ['bob'] }],
] as const)('what is asked over the bus by %s counts as what is asked over HTTP', async (method, question) => {
  const app = await world.app();
  await app.users('eve', 'bob');
  const principal = await principalOf(app, 'eve');
  // Half of what a user may ask for; what takes long counts as more.
  for (let at = 0; at < 20; at += 1) await app.execute('{ __typename }', {}, by('eve'));
  const ask = (who: Principal) => world.call(method, { principal: who, ...question });
  const asked = await Promise.allSettled(Array.from({ length: 21 }, () => ask(principal)));
  const refused = asked.filter((answer) => answer.status === 'rejected');
  expect(refused[0]?.reason).toMatchObject({ code: 'rate_limited' });
  const bob = await principalOf(app, 'bob');
  await ask(bob);
});
