import { createDatabase, type TestDatabase } from '@parley/testkit';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { migrations } from '../migrations/index.ts';
import { migrate } from './migrate.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.drop());

const options = () => ({
  type: 'postgres' as const,
  url: database.url,
  migrations,
  migrationsTableName: 'parley_migrations',
  installExtensions: false,
});

async function tables(): Promise<string[]> {
  const dataSource = await new DataSource(options()).initialize();
  const rows: { name: string }[] = await dataSource.query(
    `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'`,
  );
  await dataSource.destroy();
  return rows.map((row) => row.name).toSorted();
}

test('nodes that start together on an empty database make one schema', async () => {
  await Promise.all([migrate(database.url), migrate(database.url), migrate(database.url)]);
  expect(await tables()).toEqual([
    'api_keys',
    'apps',
    'channel_events',
    'channels',
    'consumer_cursors',
    'consumer_dead_letters',
    'consumer_leases',
    'consumer_runners',
    'consumers',
    'log_epoch',
    'members',
    'messages',
    'organisations',
    'outbox',
    'parley_migrations',
    'presence_leases',
    'reactions',
    'users',
  ]);
});

test('every step can be taken back', async () => {
  await migrate(database.url);
  const dataSource = await new DataSource(options()).initialize();
  for (const _ of migrations) await dataSource.undoLastMigration();
  await dataSource.destroy();
  expect(await tables()).toEqual(['parley_migrations']);
  await migrate(database.url);
  expect(await tables()).toContain('channel_events');
});

test('who began a direct conversation before nobody owned one is a member of it afterwards', async () => {
  await migrate(database.url);
  const dataSource = await new DataSource(options()).initialize();
  for (let step = migrations.length; step > 3; step -= 1) await dataSource.undoLastMigration();
  await dataSource.query(
    `INSERT INTO channels (app_id, channel_id, type, key, created_by, distinct_key) VALUES
       ('app', 'messaging:!members-two', 'messaging', '!members-two', 'ada', 'two'),
       ('app', 'messaging:!members-one', 'messaging', '!members-one', 'ada', 'one'),
       ('app', 'messaging:general', 'messaging', 'general', 'ada', NULL)`,
  );
  await dataSource.query(
    `INSERT INTO members (app_id, channel_id, user_id, role) VALUES
       ('app', 'messaging:!members-two', 'ada', 'owner'), ('app', 'messaging:!members-two', 'bob', 'member'),
       ('app', 'messaging:!members-one', 'ada', 'owner'), ('app', 'messaging:general', 'ada', 'owner'),
       ('app', 'messaging:general', 'bob', 'member')`,
  );
  await migrate(database.url);
  const owned: { id: string }[] = await dataSource.query(
    `SELECT channel_id AS id FROM members WHERE role = 'owner' ORDER BY 1`,
  );
  await dataSource.destroy();
  expect(owned.map(({ id }) => id)).toEqual(['messaging:!members-one', 'messaging:general']);
});
