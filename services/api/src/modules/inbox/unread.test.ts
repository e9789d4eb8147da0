import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newApp, openChannel, type SaidOptions, say } from '../../../test/chat.ts';
import { createGround, type Ground, type Node } from '../../../test/ground.ts';
import { createStatementCounter } from '../../../test/statements.ts';
import { hasUnreadSql, unreadCountSql } from '../../domain/unread-sql.ts';
import { bumpsOf } from './repository.ts';
import { unreadOf, unreadTotals } from './unread.ts';

let ground: Ground;
let node: Node;
beforeAll(async () => {
  ground = await createGround();
  node = await ground.node();
});
afterAll(() => ground.close());

const people = ['ada', 'bob', 'eve'];
const rooms = ['messaging:one', 'messaging:two'];

type Step =
  | { readonly do: 'say'; readonly room: string; readonly options: SaidOptions & { reply: boolean } }
  | { readonly do: 'read'; readonly room: string; readonly who: string; readonly share: number }
  | { readonly do: 'leave' | 'join'; readonly room: string; readonly who: string }
  | { readonly do: 'delete'; readonly room: string; readonly nth: number }
  | { readonly do: 'close'; readonly room: string };

const who = fc.constantFrom(...people);
const room = fc.constantFrom(...rooms);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 60,
    arbitrary: fc.record({
      do: fc.constant('say' as const),
      room,
      options: fc.record({
        userId: fc.option(who, { freq: 6 }),
        mentions: fc.uniqueArray(who, { maxLength: 2 }),
        reply: fc.boolean(),
        showInChannel: fc.boolean(),
        silent: fc.integer({ min: 0, max: 4 }).map((die) => die === 0),
        kind: fc.constantFrom('REGULAR' as const, 'REGULAR' as const, 'SYSTEM' as const),
      }),
    }),
  },
  {
    weight: 30,
    arbitrary: fc.record({
      do: fc.constant('read' as const),
      room,
      who,
      share: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
  },
  { weight: 10, arbitrary: fc.record({ do: fc.constantFrom('leave' as const, 'join' as const), room, who }) },
  { weight: 20, arbitrary: fc.record({ do: fc.constant('delete' as const), room, nth: fc.nat(10) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('close' as const), room }) },
);

const someParent = '00000000-0000-4000-8000-000000000000';

async function take(appId: string, action: Step): Promise<void> {
  const at = [appId, action.room];
  if (action.do === 'say') {
    const { reply, ...options } = action.options;
    await say(node.log, appId, action.room, 'x', { ...options, parentId: reply ? someParent : null }).catch(
      () => undefined,
    );
  } else if (action.do === 'read')
    await node.db.query(
      `UPDATE members m SET read_seq = greatest(read_seq, (c.seq * $4::float8)::bigint) FROM channels c
        WHERE c.app_id = $1 AND c.channel_id = $2 AND m.app_id = $1 AND m.channel_id = $2 AND m.user_id = $3`,
      [...at, action.who, action.share],
    );
  else if (action.do === 'leave')
    await node.db.query(`UPDATE members SET left_at = now() WHERE app_id = $1 AND channel_id = $2 AND user_id = $3`, [
      ...at,
      action.who,
    ]);
  else if (action.do === 'join')
    await node.db.query(`UPDATE members SET left_at = NULL WHERE app_id = $1 AND channel_id = $2 AND user_id = $3`, [
      ...at,
      action.who,
    ]);
  else if (action.do === 'delete')
    await node.db.query(
      `UPDATE messages SET deleted_at = now() WHERE app_id = $1 AND channel_id = $2
        AND seq = (SELECT seq FROM messages WHERE app_id = $1 AND channel_id = $2 ORDER BY seq OFFSET $3 LIMIT 1)`,
      [...at, action.nth],
    );
  else await node.db.query('UPDATE channels SET deleted_at = now() WHERE app_id = $1 AND channel_id = $2', at);
}

interface MessageRow {
  readonly channelId: string;
  readonly seq: number;
  readonly kind: string;
  readonly userId: string | null;
  readonly parentId: string | null;
  readonly showInChannel: boolean;
  readonly silent: boolean;
  readonly deletedAt: string | null;
  readonly mentions: readonly string[];
}
interface MemberRow {
  readonly channelId: string;
  readonly userId: string;
  readonly readSeq: number;
  readonly gone: boolean;
  readonly closed: boolean;
}

/** The definition, in words of its own: what a person would count. */
function recount(messages: readonly MessageRow[], member: MemberRow) {
  const unread = messages.filter((message) => {
    if (message.channelId !== member.channelId || message.seq <= member.readSeq) return false;
    if (message.kind !== 'REGULAR' || message.silent || message.deletedAt !== null) return false;
    if (message.parentId !== null && !message.showInChannel) return false;
    return message.userId !== member.userId;
  });
  return {
    readSeq: member.readSeq,
    unreadCount: unread.length,
    unreadMentions: unread.filter((message) => message.mentions.includes(member.userId)).length,
  };
}

test('the numbers equal a recount from rows, after any history', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (history) => {
      const { appId } = await newApp(node);
      for (const id of rooms) await openChannel(node.db, appId, id, people);
      for (const action of history) await take(appId, action);

      const messages = await node.db.query<MessageRow>(
        `SELECT channel_id AS "channelId", seq, kind, user_id AS "userId", parent_id AS "parentId", show_in_channel AS "showInChannel", silent,
                deleted_at AS "deletedAt", mentioned_user_ids AS mentions FROM messages WHERE app_id = $1`,
        [appId],
      );
      const members = await node.db.query<MemberRow>(
        `SELECT m.channel_id AS "channelId", m.user_id AS "userId", m.read_seq AS "readSeq", m.left_at IS NOT NULL AS gone,
                c.deleted_at IS NOT NULL AS closed
           FROM members m JOIN channels c USING (app_id, channel_id) WHERE m.app_id = $1`,
        [appId],
      );
      const byFragments = await node.db.query<{ channelId: string; userId: string; count: number; some: boolean }>(
        `SELECT m.channel_id AS "channelId", m.user_id AS "userId", ${unreadCountSql('m')} AS count, ${hasUnreadSql('m')} AS some
           FROM members m WHERE m.app_id = $1`,
        [appId],
      );

      // Of all at once: their read pointers differ, and one reading of a channel serves them all.
      const everybody = await unreadTotals(
        node.db,
        people.map((userId) => ({ appId, userId })),
      );
      const bumps = await bumpsOf(
        node.db,
        members.map(({ channelId, userId }) => ({ appId, channelId, userId })),
      );
      for (const userId of people) {
        const mine = members.filter((member) => member.userId === userId && !member.gone);
        const expected = new Map(mine.map((member) => [member.channelId, recount(messages, member)]));
        expect(await unreadOf(node.db, appId, userId, rooms)).toEqual(expected);
        const open = mine.filter((member) => !member.closed).map((member) => recount(messages, member));
        const bumped = bumps.filter((bump) => bump.userId === userId);
        expect(bumped.map(({ channelId }) => channelId)).toEqual(
          rooms.filter((id) => mine.some((member) => member.channelId === id && !member.closed)),
        );
        for (const { channelId, unreadCount, unreadMentions } of bumped)
          expect(expected.get(channelId)).toMatchObject({ unreadCount, unreadMentions });
        expect(everybody.find((totals) => totals.userId === userId)).toMatchObject({
          totalUnread: open.reduce((sum, unread) => sum + unread.unreadCount, 0),
          unreadChannels: open.filter((unread) => unread.unreadCount > 0).length,
          unreadMentions: open.reduce((sum, unread) => sum + unread.unreadMentions, 0),
        });
      }
      for (const { channelId, userId, count, some } of byFragments) {
        const member = members.find((row) => row.channelId === channelId && row.userId === userId);
        if (member === undefined) throw new Error('a member without a row');
        expect(count).toBe(recount(messages, member).unreadCount);
        expect(some).toBe(count > 0);
      }
    }),
    { numRuns: 40 },
  );
}, 60_000);

test('the channels of one page cost one statement', async () => {
  const { appId } = await newApp(node);
  const ids = Array.from({ length: 25 }, (_, index) => `messaging:room-${index}`);
  for (const id of ids) await openChannel(node.db, appId, id, ['ada']);
  const { value, statements } = await createStatementCounter(node.db).during(() =>
    unreadOf(node.db, appId, 'ada', ids),
  );
  expect(value.size).toBe(25);
  expect(statements).toHaveLength(1);
});
