import { ParleyError } from '@parley/contracts';
import { silentLogger } from '@parley/service-kit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openChannel, say } from '../../test/chat.ts';
import { eventually } from '../../test/eventually.ts';
import { channelId, openGeneralChannel, seqsOf } from '../../test/general-channel.ts';
import { createGround, type Ground, type Node } from '../../test/ground.ts';
import { createChannelLog } from './channel-log.ts';
import { createEventPublisher } from './event-publisher.ts';
import type { Sql } from './sql.ts';

let ground: Ground;
let node: Node;
beforeAll(async () => {
  ground = await createGround();
  node = await ground.node();
});
afterAll(() => ground.close());

describe('a channel that cannot be written to for a while', () => {
  /** A log with bounds of its own, whose first write goes on only when the test says so. */
  async function heldLog(bounds: { readonly patienceMs?: number; readonly commandsWaitingInAll?: number }) {
    const appId = await openGeneralChannel(node);
    const publisher = createEventPublisher({
      bus: node.bus,
      sql: node.db,
      logger: silentLogger(),
      epoch: node.epoch,
    });
    const log = createChannelLog({ db: node.db, publisher, stall: node.stall, ...bounds });
    const { promise: held, resolve: letGo } = Promise.withResolvers<void>();
    const { promise: started, resolve: start } = Promise.withResolvers<void>();
    const first = log.write(appId, channelId, {
      run: async () => {
        start();
        await held;
      },
    });
    await started;
    return { appId, log, first, letGo };
  }

  test('writes nothing for a request that was let in before the node stood still', async () => {
    const appId = await openGeneralChannel(node);
    const publisher = createEventPublisher({
      bus: node.bus,
      sql: node.db,
      logger: silentLogger(),
      epoch: node.epoch,
    });
    let stands = true;
    const stall = {
      admit() {
        if (stands) throw new ParleyError('unavailable', 'unable to go on; this node stood still');
      },
    };
    const log = createChannelLog({ db: node.db, publisher, stall });
    await expect(say(log, appId, channelId, 'old')).rejects.toMatchObject({ code: 'unavailable' });
    const insert = (sql: Sql) => openChannel(sql, appId, 'messaging:new');
    await expect(
      log.write(appId, 'messaging:new', { prepare: insert, run: async () => undefined }),
    ).rejects.toMatchObject({
      code: 'unavailable',
    });
    stands = false;
    await say(log, appId, channelId, 'new');
    expect(await seqsOf(node, appId)).toEqual([1]);
    expect(await node.db.query('SELECT channel_id FROM channels WHERE app_id = $1', [appId])).toHaveLength(1);
    await log.close();
  });

  test('refuses what has waited for too long, instead of writing it long after its sender gave up', async () => {
    const { appId, log, first, letGo } = await heldLog({ patienceMs: 30 });
    const stale = say(log, appId, channelId, 'stale');
    const refused = expect(stale).rejects.toMatchObject({ code: 'unavailable', details: { retryAfterMs: 1_000 } });
    const since = performance.now();
    await eventually(() => expect(performance.now() - since).toBeGreaterThan(30));
    const fresh = say(log, appId, channelId, 'fresh');
    letGo();
    await Promise.all([first, refused]);
    expect((await fresh).message.text).toBe('fresh');
    expect(await seqsOf(node, appId)).toEqual([1]);
    await log.close();
  });

  test('keeps a bounded number waiting over all channels, and takes new ones when those are done', async () => {
    const { appId, log, first, letGo } = await heldLog({ commandsWaitingInAll: 2 });
    const waiting = [say(log, appId, channelId, 'one'), say(log, appId, channelId, 'two')];
    await expect(say(log, appId, channelId, 'three')).rejects.toMatchObject({ code: 'unavailable' });
    await openChannel(node.db, appId, 'messaging:other');
    await expect(say(log, appId, 'messaging:other', 'elsewhere')).rejects.toMatchObject({ code: 'unavailable' });
    letGo();
    await Promise.all([first, ...waiting]);
    expect((await say(log, appId, channelId, 'four')).seq).toBe(3);
    await log.close();
  });
});
