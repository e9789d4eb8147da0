import { Client } from 'pg';
import type { ChannelAnswer, ChannelRows, HeldMessage } from './checker/state.ts';
import type { Tenant } from './world/tenant.ts';

interface Rows {
  readonly channels: readonly { channel_id: string; seq: string }[];
  readonly events: readonly { channel_id: string; seq: string; type: string; message_id: string | null }[];
  readonly messages: readonly {
    channel_id: string;
    message_id: string;
    seq: string;
    user_id: string;
    text: string;
    deleted: boolean;
  }[];
  readonly reactions: readonly { message_id: string; type: string; count: number }[];
  readonly members: readonly { channel_id: string; user_id: string; read_seq: string; unread: number }[];
}

const statements: Readonly<Record<keyof Rows, string>> = {
  channels: 'SELECT channel_id, seq FROM channels WHERE app_id = $1',
  events: 'SELECT channel_id, seq, type, message_id FROM channel_events WHERE app_id = $1 ORDER BY channel_id, seq',
  messages: `SELECT channel_id, message_id, seq, user_id, text, deleted_at IS NOT NULL AS deleted
    FROM messages WHERE app_id = $1 ORDER BY channel_id, seq`,
  reactions: 'SELECT message_id, type, count(*)::int AS count FROM reactions WHERE app_id = $1 GROUP BY 1, 2',
  // Said in other words than the product's own, so that both would have to be wrong.
  members: `SELECT m.channel_id, m.user_id, m.read_seq, (SELECT count(*)::int FROM messages x
      WHERE x.app_id = $1 AND x.channel_id = m.channel_id AND x.user_id <> m.user_id AND x.seq > m.read_seq
        AND x.deleted_at IS NULL AND x.parent_id IS NULL) AS unread
    FROM members m WHERE m.app_id = $1 AND m.left_at IS NULL`,
};

/** What the database holds of an app, in one snapshot of it. */
export async function readRows(databaseUrl: string, appId: string): Promise<ChannelRows[]> {
  const client = new Client({ connectionString: databaseUrl, connectionTimeoutMillis: 10_000 });
  // A connection that is killed while idle says so here, and the next statement fails.
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const rows: Record<string, unknown[]> = {};
    for (const [name, statement] of Object.entries(statements))
      rows[name] = (await client.query(statement, [appId])).rows;
    await client.query('COMMIT');
    // The driver gives rows as they are; the statements above say of which shape.
    return assemble(appId, rows as unknown as Rows);
  } finally {
    await client.end();
  }
}

function assemble(appId: string, rows: Rows): ChannelRows[] {
  const reactions = new Map<string, string[]>();
  for (const { message_id, type, count } of rows.reactions)
    reactions.set(message_id, [...(reactions.get(message_id) ?? []), `${type}×${count}`].sort());
  const events = Map.groupBy(rows.events, ({ channel_id }) => channel_id);
  const messages = Map.groupBy(rows.messages, ({ channel_id }) => channel_id);
  const members = Map.groupBy(rows.members, ({ channel_id }) => channel_id);
  return rows.channels.map(({ channel_id: channelId, seq: head }) => ({
    appId,
    channelId,
    head: Number(head),
    events: (events.get(channelId) ?? []).map(({ seq, type, message_id: messageId }) => ({
      seq: Number(seq),
      type,
      messageId,
    })),
    messages: (messages.get(channelId) ?? []).map(({ message_id: id, seq, user_id: userId, text, deleted }) => ({
      id,
      seq: Number(seq),
      text,
      deleted,
      userId,
      reactions: deleted ? [] : (reactions.get(id) ?? []),
    })),
    members: new Map(
      (members.get(channelId) ?? []).map(({ user_id, read_seq, unread }) => [
        user_id,
        { readSeq: Number(read_seq), unread },
      ]),
    ),
  }));
}

const document = `query($id:ID!,$before:String){channel(id:$id){viewer{readSeq unreadCount}
 messages(last:100,before:$before){nodes{id seq text deletedAt reactionGroups{type count}} pageInfo{hasPreviousPage startCursor}}}}`;

interface Answer {
  readonly channel: {
    readonly viewer: { readonly readSeq: number; readonly unreadCount: number };
    readonly messages: {
      readonly nodes: readonly {
        id: string;
        seq: number;
        text: string;
        deletedAt: string | null;
        reactionGroups: readonly { type: string; count: number }[];
      }[];
      readonly pageInfo: { readonly hasPreviousPage: boolean; readonly startCursor: string | null };
    };
  } | null;
}

/** What the API answers a member about a channel, all pages of it. */
export async function readAnswer(tenant: Tenant, channelId: string, userId: string): Promise<ChannelAnswer> {
  const messages: HeldMessage[] = [];
  let before: string | null = null;
  for (;;) {
    const { channel }: Answer = await tenant.server.execute<Answer>(
      document,
      { id: channelId, before },
      { asUser: userId },
    );
    if (channel === null) throw new Error(`unable to read ${channelId} back; ${userId} is told that there is none`);
    const page = channel.messages.nodes.map(({ id, seq, text, deletedAt, reactionGroups }) => ({
      id,
      seq,
      text,
      deleted: deletedAt !== null,
      reactions: reactionGroups.map(({ type, count }) => `${type}×${count}`).sort(),
    }));
    messages.unshift(...page);
    before = channel.messages.pageInfo.startCursor;
    if (channel.messages.pageInfo.hasPreviousPage && before !== null) continue;
    const { readSeq, unreadCount: unread } = channel.viewer;
    return { appId: tenant.appId, channelId, userId, messages, readSeq, unread };
  }
}
