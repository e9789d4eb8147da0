import { defaultAppSettings } from '@parley/contracts';
import type { ChannelBusMessage } from '@parley/contracts/bus';
import { subjects } from '@parley/contracts/bus';
import { expect, test, vi } from 'vitest';
import { newApp, openChannel, say } from '../../../test/chat.ts';
import { createGround } from '../../../test/ground.ts';
import { createStatementCounter } from '../../../test/statements.ts';
import { createServices } from '../../graphql/services.ts';
import type { UserActor } from '../../platform/actor.ts';

test('a thousand readers of one message cost a handful of updates, get the right answers, and are published together', async () => {
  const ground = await createGround();
  const node = await ground.node();
  const { appId, keyId } = await newApp(node);
  const channelId = 'messaging:general';
  const readers = Array.from({ length: 1_000 }, (_, index) => `reader-${index}`);
  await openChannel(node.db, appId, channelId, readers);
  for (const text of ['one', 'two', 'three']) await say(node.log, appId, channelId, text);
  const seen: number[] = [];
  const watcher = node.bus.subscribe(subjects.channel(appId, channelId), (payload) => {
    // The bus carries what our own publisher wrote.
    const { events } = JSON.parse(payload) as ChannelBusMessage;
    seen.push(events.filter((event) => event.__typename === 'ReadAdvanced').length);
  });
  await watcher.ready;
  const { reads } = createServices(node);
  const actorOf = (userId: string): UserActor => {
    const principal = { appId, keyId, scope: 'user', userId, issuedAt: 0, expiresAt: 4_000_000_000 } as const;
    return { kind: 'user', appId, userId, role: 'user', asServer: false, principal, settings: defaultAppSettings };
  };

  const { value: states, statements } = await createStatementCounter(node.db).during(() =>
    Promise.all(
      readers.map((userId, index) =>
        reads.mark(actorOf(userId), { channelId, ...(index % 2 === 0 ? {} : { seq: 2 }) }),
      ),
    ),
  );
  expect(states.map(({ user, readSeq, unreadCount }) => [user.id, readSeq, unreadCount])).toEqual(
    readers.map((userId, index) => (index % 2 === 0 ? [userId, 3, 0] : [userId, 2, 1])),
  );
  const updates = statements.filter((text) => text.includes('UPDATE members')).length;
  expect(updates).toBeGreaterThan(0);
  expect(updates).toBeLessThanOrEqual(20);
  await vi.waitFor(() => expect(seen.reduce((sum, count) => sum + count, 0)).toBe(1_000));
  expect(seen.filter((count) => count > 0)).toHaveLength(updates);
  const recount = await node.db.query(
    `SELECT count(*)::int AS n FROM members WHERE app_id = $1
        AND read_seq = CASE WHEN split_part(user_id, '-', 2)::int % 2 = 0 THEN 3 ELSE 2 END`,
    [appId],
  );
  expect(recount).toEqual([{ n: 1_000 }]);
  watcher.unsubscribe();
  await ground.close();
});
