import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { subjects } from '@parley/contracts/bus';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { post } from './platform.ts';
import { eventually, open, textsOf } from './two-people-chat.ts';
import { startWorld, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world?.close());

const fixture = fileURLToPath(new URL('./outbox-after-crash.fixture.ts', import.meta.url));

test('a message whose node was killed between commit and publication reaches those who watch', async () => {
  const app = await world.app();
  const channelId = await app.channel('ada', 'bob');
  const bob = await open(app.person('bob'), channelId);
  const published: string[] = [];
  const [bus] = world.buses;
  bus?.subscribe(subjects.channel(app.appId, channelId), (payload) => published.push(payload));

  const node = spawn(process.execPath, ['--conditions=@parley/source', fixture, world.databaseUrl], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [port] = await once(node.stdout.setEncoding('utf8'), 'data');
  const answer = await post(
    `http://127.0.0.1:${String(port).trim()}/graphql`,
    await app.token('ada'),
    'mutation Send($input: SendMessageInput!) { sendMessage(input: $input) { seq } }',
    { input: { channelId, text: 'almost lost' } },
  );
  expect(answer).toMatchObject({ data: { sendMessage: { seq: expect.any(Number) } } });
  expect(textsOf(bob)).toEqual([]);
  const ended = once(node, 'exit');
  node.kill('SIGKILL');
  await ended;

  await eventually(() => expect(textsOf(bob)).toEqual(['almost lost']));
  // It comes by the sweep of the node that lives too, and not only because fan-out compares heads now and then.
  await eventually(() => expect(published.join()).toContain('almost lost'));
});
