import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { newApp } from '../../../test/chat.ts';
import type { Ground, Node } from '../../../test/ground.ts';
import { createGround } from '../../../test/ground.ts';
import { readLog } from '../../../test/read-log.ts';
import { mintToken } from '../../../test/tokens.ts';
import { createServices } from '../../graphql/services.ts';

let ground: Ground;
let node: Node;
beforeAll(async () => {
  ground = await createGround();
  node = await ground.node();
});
afterAll(() => ground.close());

test('an edit that is committed in the same transaction as the hard deletion leaves no words in the log', async () => {
  const key = await newApp(node);
  const { actor } = await node.auth.open(await mintToken(key, 'ada'), null);
  const { channels, messages } = createServices(node);
  const { id: channelId } = await channels.create(actor, { type: 'messaging', key: 'general' });
  const { id: messageId } = await messages.send(actor, { channelId, text: 'secret one' });

  // While one transaction of the channel is open, the next commands wait and share the one after it.
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const blocking = node.log.write(key.appId, channelId, { run: () => held });
  const queued = async <T>(start: () => Promise<T>) => {
    let reads = 0;
    const unsubscribe = node.db.onStatement((text) => {
      reads += text.startsWith('-- channel-access') ? 1 : 0;
    });
    const work = start();
    await vi.waitFor(() => expect(reads).toBe(1));
    // The answer is there, and what it leads to is in the queue, when later questions were answered.
    for (let later = 0; later < 10; later += 1) await node.db.query('SELECT 1');
    unsubscribe();
    return { work };
  };
  const edit = await queued(() => messages.update(actor, { messageId, text: 'secret two' }));
  const deletion = await queued(() => messages.remove(actor, { messageId, hard: true }));
  release();
  await Promise.all([blocking, edit.work, deletion.work]);

  const { events } = await readLog(node, key.appId, channelId, 0, 100);
  expect(events.map((event) => event.__typename)).toEqual([
    'MembersAdded',
    'MessageCreated',
    'MessageUpdated',
    'MessageDeleted',
  ]);
  expect(JSON.stringify(events)).not.toContain('secret');
});
