import { silentLogger, systemClock } from '@parley/service-kit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newApp, openChannel } from '../../test/chat.ts';
import { createGround, type Ground, type Node } from '../../test/ground.ts';
import { mintToken } from '../../test/tokens.ts';
import { createExecutor } from './execute.ts';
import { createOperationQueue } from './operation-queue.ts';
import { createRateLimit } from './rate-limit.ts';
import { createSchema } from './schema.ts';
import { createServices } from './services.ts';
import { createStrangers } from './strangers.ts';

let ground: Ground;
let node: Node;
beforeAll(async () => {
  ground = await createGround();
  node = await ground.node();
});
afterAll(() => ground.close());

test('a caller who does not read its large answers gets no more of them, and then those that it waited for', async () => {
  const app = await newApp(node);
  const { appId } = app;
  await openChannel(node.db, appId, 'messaging:large', ['eve']);
  await node.db.query(
    `INSERT INTO messages (app_id, message_id, channel_id, seq, user_id, text)
       SELECT $1, gen_random_uuid(), 'messaging:large', n, 'eve', repeat('x', 5000) FROM generate_series(1, 50) n`,
    [appId],
  );
  const executor = createExecutor({
    schema: createSchema(),
    services: createServices(node),
    rateLimit: createRateLimit(),
    strangers: createStrangers(),
    queue: createOperationQueue({ poolSize: 20, clock: systemClock }),
    rows: node.rows,
    stall: { admit() {} },
    logger: silentLogger(),
  });
  const { actor } = await node.auth.open(await mintToken(app, 'eve'), null);
  const read: (() => void)[] = [];
  let made = 0;
  const ask = async (selection: string) => {
    const query = `{ channel(id: "messaging:large") { messages(last: 50) { nodes { ${selection} } } } }`;
    await executor.run(() => Promise.resolve(actor), { query }, 'r', {
      sent: () => new Promise((resolve) => void read.push(resolve)),
    });
    made += 1;
  };
  await ask('id');
  expect([made, read.length]).toEqual([1, 0]);
  const asked = Array.from({ length: 6 }, () => ask('id text'));
  await expect.poll(() => made).toBe(3);
  expect(read).toHaveLength(2);
  read[0]?.();
  await expect.poll(() => made).toBe(4);
  await expect
    .poll(() => {
      for (const done of read.splice(0)) done();
      return made;
    })
    .toBe(7);
  await Promise.all(asked);
});
