import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { silentLogger } from '@parley/service-kit';
import type { TestDatabase } from '@parley/testkit';
import { freePort } from '@parley/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually } from '../test/eventually.ts';
import { migratedDatabase } from '../test/ground.ts';
import { openAdministration } from './administration.ts';

const main = fileURLToPath(new URL('./main.ts', import.meta.url));

let database: TestDatabase;
beforeAll(async () => {
  database = await migratedDatabase();
});
afterAll(() => database.drop());

function start(env: Record<string, string>): {
  process: ChildProcess;
  said: () => string;
  exit: Promise<number | null>;
} {
  const child = spawn(process.execPath, ['--conditions=@parley/source', main], {
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  return {
    process: child,
    said: () => said,
    exit: once(child, 'exit').then(([code]) => (typeof code === 'number' ? code : null)),
  };
}

test('the service starts, answers, and stops in order when it is told to', async () => {
  const port = await freePort();
  const service = start({ DATABASE_URL: database.url, PORT: String(port), TEST_MODE: 'true' });
  const url = `http://127.0.0.1:${port}`;
  await eventually(async () => expect((await fetch(`${url}/readyz`)).status).toBe(200));
  const answer = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: '{ __typename }' }),
  });
  expect(await answer.json()).toEqual({ data: { __typename: 'Query' } });
  service.process.kill('SIGTERM');
  expect(await service.exit).toBe(0);
  expect(service.said()).toContain('"ok":true');
});

test('a bad environment is reported whole, and ends it', async () => {
  const service = start({ PORT: 'many' });
  expect(await service.exit).toBe(1);
  expect(service.said()).toMatch(/DATABASE_URL: is missing[\s\S]*PORT: /);
});

test.each([
  ['a password that the database refuses', { password: 'hunter2' }, 'it refuses the user or the password'],
  ['a database that does not exist', { pathname: '/nowhere' }, 'there is no database of that name'],
])('%s is reported in one line that names the cure, without the password', async (_name, changes, why) => {
  const service = start({ DATABASE_URL: Object.assign(new URL(database.url), changes).href, TEST_MODE: 'true' });
  expect(await service.exit).toBe(1);
  expect(service.said()).toMatch(new RegExp(`^unable to use the database; ${why}: correct DATABASE_URL .*\n$`));
  expect(service.said()).not.toContain('hunter2');
});

test('a database that is away is reported in one line, without the password', async () => {
  const port = await freePort();
  const service = start({
    DATABASE_URL: `postgres://parley:hunter2@127.0.0.1:${port}/parley`,
    SECRETS_KEY: randomBytes(32).toString('base64'),
  });
  expect(await service.exit).toBe(1);
  expect(service.said()).toMatch(/^unable to reach the database; .*ECONNREFUSED.*\n$/);
  expect(service.said()).not.toContain('hunter2');
});

test('secrets that the node cannot read end it in one line that says what to do', async () => {
  const key = () => randomBytes(32).toString('base64');
  const administration = await openAdministration({
    databaseUrl: database.url,
    logger: silentLogger(),
    testMode: true,
    secretsKeys: [randomBytes(32)],
  });
  await administration.apps.create({ name: 'App' });
  await administration.close();
  const service = start({ DATABASE_URL: database.url, SECRETS_KEY: key(), TEST_MODE: 'true' });
  expect(await service.exit).toBe(1);
  expect(service.said()).toMatch(
    /^unable to read the secrets of API keys; .* add it there, after the newest, or revoke .*\n$/,
  );
});
