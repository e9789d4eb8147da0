import { Client } from 'pg';
import { expect, test } from 'vitest';
import { createDatabase, templateDatabase } from './database.ts';
import { uniqueId } from './unique-id.ts';

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

test('two databases know nothing of each other', async () => {
  const [one, two] = await Promise.all([createDatabase(), createDatabase()]);
  await query(one.url, 'CREATE TABLE note (text text)');
  await expect(query(one.url, 'SELECT * FROM note')).resolves.toEqual([]);
  await expect(query(two.url, 'SELECT * FROM note')).rejects.toThrow('does not exist');
  await Promise.all([one.drop(), two.drop()]);
});

test('a dropped database is gone, even with a session in it, and dropping twice is harmless', async () => {
  const database = await createDatabase();
  const session = new Client({ connectionString: database.url });
  session.on('error', () => undefined);
  await session.connect();
  await database.drop();
  await database.drop();
  await expect(query(database.url, 'SELECT 1')).rejects.toThrow('does not exist');
  await session.end();
});

test('a template is prepared once and its clones start from it and then part ways', async () => {
  const name = uniqueId('notes');
  let prepared = 0;
  const prepare = async (url: string) => {
    prepared += 1;
    await query(url, "CREATE TABLE note AS SELECT 'first' AS text");
  };
  const [template, again] = await Promise.all([templateDatabase(name, prepare), templateDatabase(name, prepare)]);
  expect(again).toBe(template);
  expect(prepared).toBe(1);

  const [one, two] = await Promise.all([createDatabase({ template }), createDatabase({ template })]);
  await query(one.url, "INSERT INTO note VALUES ('second')");
  await expect(query(one.url, 'SELECT count(*)::int FROM note')).resolves.toEqual([{ count: 2 }]);
  await expect(query(two.url, 'SELECT count(*)::int FROM note')).resolves.toEqual([{ count: 1 }]);
  await Promise.all([one.drop(), two.drop()]);
});

test('a template whose preparation failed is prepared anew', async () => {
  const name = uniqueId('flaky');
  const failing = templateDatabase(name, async (url) => {
    await query(url, 'CREATE TABLE half (done boolean)');
    throw new Error('no migration today');
  });
  await expect(failing).rejects.toThrow('no migration today');
  const template = await templateDatabase(name, async (url) => {
    await query(url, 'CREATE TABLE half (done boolean)');
  });
  const database = await createDatabase({ template });
  await expect(query(database.url, 'SELECT * FROM half')).resolves.toEqual([]);
  await database.drop();
});
