import type { Message } from '@parley/contracts';
import { subjects } from '@parley/contracts/bus';
import { type Bus, createMemoryBus } from '@parley/service-kit';
import { createFaultyBus } from '@parley/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newApp, openChannel, say } from '../../test/chat.ts';
import { eventually } from '../../test/eventually.ts';
import { createGround, type Ground, type Node } from '../../test/ground.ts';

let ground: Ground;
let node: Node;
beforeAll(async () => {
  ground = await createGround();
  node = await quietNode();
});
afterAll(() => ground.close());

const channelId = 'messaging:general';

/** A node that sweeps only when the test says so: on a slow machine its own sweep would find what another node is about to publish. */
async function quietNode(options: { readonly bus?: Bus } = {}): Promise<Node> {
  const quiet = await ground.node(options);
  await quiet.jobs.stop();
  return quiet;
}

async function channel(): Promise<string> {
  const { appId } = await newApp(node);
  await openChannel(node.db, appId, channelId);
  return appId;
}

function watch(bus: Bus, appId: string): number[] {
  const seen: number[] = [];
  bus.subscribe(subjects.channel(appId, channelId), (payload) => {
    for (const event of JSON.parse(payload).events) seen.push(event.seq);
  });
  return seen;
}

const outboxOf = (appId: string) => node.db.query('SELECT 1 FROM outbox WHERE app_id = $1', [appId]);
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

describe('a node that dies between commit and publication', () => {
  test('leaves what another node publishes', async () => {
    const bus = createFaultyBus(createMemoryBus());
    const [dying, living] = [await quietNode({ bus }), await ground.node()];
    const appId = await channel();
    const seen = watch(living.bus, appId);
    bus.hang();
    expect((await say(dying.log, appId, channelId, 'one')).seq).toBe(1);
    expect((await say(dying.log, appId, channelId, 'two')).seq).toBe(2);
    await dying.stop();

    await eventually(() => expect(seen).toEqual([1, 2]));
    await eventually(async () => expect(await outboxOf(appId)).toEqual([]));
    await living.stop();
  });
});

describe('a lost bus', () => {
  test('fails no send, and delivery catches up when it is back', async () => {
    const bus = createFaultyBus(createMemoryBus());
    const cut = await quietNode({ bus });
    const appId = await channel();
    const seen = watch(bus, appId);
    bus.cut();
    for (const text of ['one', 'two', 'three']) await say(cut.log, appId, channelId, text);
    expect(await cut.sweep(0)).toBe(0);
    expect(await outboxOf(appId)).toHaveLength(3);
    bus.heal();
    await cut.sweep(0);
    await eventually(() => expect(seen).toEqual([1, 2, 3]));
    expect(await outboxOf(appId)).toEqual([]);
    await cut.stop();
  });
});

describe('sweeps', () => {
  async function leftBehind(count: number): Promise<string> {
    const bus = createFaultyBus(createMemoryBus());
    const dying = await quietNode({ bus });
    const appId = await channel();
    bus.cut();
    for (const seq of upTo(count)) await say(dying.log, appId, channelId, `${seq}`);
    await dying.stop();
    return appId;
  }

  test('at the same time on two nodes publish each row once', async () => {
    const bus = createFaultyBus(createMemoryBus());
    const [one, other] = [await quietNode({ bus }), await quietNode({ bus })];
    const appId = await leftBehind(120);
    const seen = watch(bus, appId);
    await Promise.all([one.sweep(0), other.sweep(0), one.sweep(0)]);
    await one.sweep(0);
    await eventually(() => expect(seen).toHaveLength(120));
    expect(seen.toSorted((a, b) => a - b)).toEqual(upTo(120));
    expect(await outboxOf(appId)).toEqual([]);
    await one.stop();
    await other.stop();
  });

  test('killed half way lose nothing: the next one publishes what is left', async () => {
    const bus = createFaultyBus(createMemoryBus());
    const dying = await quietNode({ bus });
    const appId = await leftBehind(10);
    let published = 0;
    bus.beforePublish = async () => {
      published += 1;
      if (published !== 4) return;
      await node.db.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
          WHERE datname = current_database() AND state = 'idle in transaction' AND pid <> pg_backend_pid()`,
      );
    };
    await expect(dying.sweep(0)).rejects.toMatchObject({ code: 'unavailable' });
    expect(published).toBeGreaterThanOrEqual(4);
    expect(await outboxOf(appId)).toHaveLength(10);
    await dying.stop();

    const seen = watch(node.bus, appId);
    await node.sweep(0);
    await eventually(() => expect(seen).toEqual(upTo(10)));
    expect(await outboxOf(appId)).toEqual([]);
  });

  test('whose bus is lost half way delete only what was published', async () => {
    const bus = createFaultyBus(createMemoryBus());
    const sweeper = await quietNode({ bus });
    const appId = await leftBehind(6);
    const seen = watch(bus, appId);
    let published = 0;
    bus.beforePublish = async () => {
      published += 1;
      if (published > 2) throw new Error('the connection broke');
    };
    expect(await sweeper.sweep(0)).toBe(2);
    expect(await outboxOf(appId)).toHaveLength(4);
    bus.beforePublish = async () => undefined;
    await sweeper.sweep(0);
    await eventually(() => expect(seen).toEqual(upTo(6)));
    await sweeper.stop();
  });

  test('leave alone what a node has only just committed', async () => {
    const appId = await leftBehind(1);
    const seen = watch(node.bus, appId);
    await node.sweep(60_000);
    expect(await outboxOf(appId)).toHaveLength(1);
    await node.sweep(0);
    await eventually(() => expect(seen).toEqual([1]));
  });

  test('publish what the message says by then, and nothing of one that was deleted meanwhile', async () => {
    const appId = await leftBehind(2);
    const texts: string[] = [];
    node.bus.subscribe(subjects.channel(appId, channelId), (payload) => texts.push(payload));
    await node.db.query(
      `UPDATE messages SET text = 'now', edited_at = now(), deleted_at = CASE WHEN seq = 1 THEN now() END WHERE app_id = $1`,
      [appId],
    );
    await node.sweep(0);
    await eventually(() => expect(texts).toHaveLength(2));
    const said = texts.flatMap((text) =>
      JSON.parse(text).events.map(({ message }: { message: Message }) => message.text),
    );
    expect(said).toEqual(['', 'now']);
  });

  test('delete what was pruned meanwhile', async () => {
    const appId = await leftBehind(2);
    await node.db.query('DELETE FROM channel_events WHERE app_id = $1', [appId]);
    await node.sweep(0);
    expect(await outboxOf(appId)).toEqual([]);
  });
});
