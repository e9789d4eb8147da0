import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { subprotocol } from '@parley/contracts';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { runParley } from './parley-process.ts';
import { type App, startWorld, type World } from './world.ts';

interface KeyLine {
  readonly id: string;
  readonly secret?: string;
  readonly revokedAt: string | null;
}

async function platform(): Promise<{ readonly world: World; readonly app: App }> {
  const world = await startWorld({ fanoutNodes: 2 });
  onTestFinished(world.close);
  return { world, app: await world.app() };
}

/** `parley <args>` at the database of the world, with nothing that leads to its bus. */
async function parley({ databaseUrl }: World, ...args: readonly string[]) {
  const run = runParley(args, { DATABASE_URL: databaseUrl, NATS_URL: '', TEST_MODE: 'true' });
  const code = await run.exited;
  const lines = run.stdout().split('\n').filter(Boolean);
  return { code, stderr: run.stderr(), lines: lines.map((line) => JSON.parse(line) as KeyLine) };
}

async function connect(url: string, token: string, origin?: string) {
  const socket = new WebSocket(url.replace('http:', 'ws:'), subprotocol, origin === undefined ? {} : { origin });
  onTestFinished(() => socket.terminate());
  const closed = once(socket, 'close').then(([code]) => code as number);
  await once(socket, 'open');
  socket.send(JSON.stringify({ type: 'connection_init', payload: { token } }));
  await once(socket, 'message');
  return { socket, closed };
}

test('a leaked key is revoked at the database alone: its sockets end on every node, its tokens are refused', async () => {
  const { world, app } = await platform();
  const made = await parley(world, 'key', 'create', '--app', app.appId, '--label', 'new back end');
  expect([made.code, made.stderr]).toEqual([0, '']);
  expect(made.lines).toMatchObject([{ label: 'new back end', secret: expect.stringMatching(/^[\w-]{43}$/) }]);
  const token = await app.token('ada');
  const sockets = await Promise.all(world.fanoutUrls.map((url) => connect(url, token)));

  expect((await parley(world, 'key', 'revoke', app.keyId, '--app', app.appId)).code).toBe(0);
  // Within a second on a machine with room, which `npm run attack` measures.
  for (const { closed } of sockets) expect(await closed).toBe(4403);
  await expect(app.server.listKeys()).rejects.toMatchObject({ code: 'unauthenticated' });
  const { lines } = await parley(world, 'key', 'list', '--app', app.appId);
  expect(lines).toMatchObject([{ id: made.lines[0]?.id, revokedAt: null }, { id: app.keyId }]);
  expect(lines.some((line) => 'secret' in line)).toBe(false);
});

test('the only key of an app is kept, unless the operator says that it is the last', async () => {
  const { world, app } = await platform();
  const refused = await parley(world, 'key', 'revoke', app.keyId, '--app', app.appId);
  expect(refused.code).toBe(1);
  expect(refused.stderr).toMatch(/^unable to revoke the key; it is the only one of the app, .*create another.*\n$/);
  expect(await app.server.listKeys()).toHaveLength(1);
  expect((await parley(world, 'key', 'revoke', app.keyId, '--app', app.appId, '--last')).code).toBe(0);
  await expect(app.server.listKeys()).rejects.toMatchObject({ code: 'unauthenticated' });
});

test('a website that is no longer allowed loses its sockets, others keep theirs', async () => {
  const { world, app } = await platform();
  const token = await app.token('ada');
  const [url = ''] = world.fanoutUrls;
  const evil = await connect(url, token, 'https://evil.example');
  const good = await connect(url, token, 'https://app.example.com');
  const { code } = await parley(world, 'app', 'origins', '--app', app.appId, 'https://app.example.com');
  expect(code).toBe(0);
  expect(await evil.closed).toBe(4403);
  expect(good.socket.readyState).toBe(WebSocket.OPEN);
  expect(await app.server.allowedOrigins()).toEqual(['https://app.example.com']);
});

test('secrets are encrypted by a command, with a key that the platform is then started with', async () => {
  const { world } = await platform();
  const key = randomBytes(32).toString('base64');
  const environment = { DATABASE_URL: world.databaseUrl, NATS_URL: '', SECRETS_KEY: key, TEST_MODE: 'true' };
  const run = runParley(['key', 'reencrypt'], environment);
  expect([await run.exited, run.stderr()]).toEqual([0, '']);
  expect(JSON.parse(run.stdout())).toEqual({ reencrypted: 1 });
});
