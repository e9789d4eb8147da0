import { type ChannelDraft, messageIdOf } from './channel-draft.ts';
import type { ChannelPatch } from './channel-row.ts';
import type { Statement } from './sql.ts';

/** Sends change nothing else of their channel, so their statement has no other columns. */
const changedByAll: readonly (keyof ChannelPatch)[] = ['lastMessageAt'];

const changesMore = ({ patched }: ChannelDraft): boolean =>
  Object.keys(patched).some((name) => !changedByAll.some((known) => known === name));

/** Whether there is anything to write. */
export const isChanged = ({ events, patched }: ChannelDraft): boolean =>
  events.length > 0 || Object.keys(patched).length > 0;

/** The one statement that takes positions of the log: it stores heads, events, outbox rows and changed columns of the locked channels. */
export function writeStatement(drafts: readonly ChannelDraft[]): Statement {
  return drafts.some(changesMore) ? channelsStatement(drafts) : headsStatement(drafts);
}

const headsStatement = (drafts: readonly ChannelDraft[]): Statement => ({
  text: `-- write-heads
    ${statementText('', '', '')}`,
  params: paramsOf(drafts),
});

const channelsStatement = (drafts: readonly ChannelDraft[]): Statement => ({
  text: `-- write-channels
    ${statementText(
      ', $8::text[], $9::text[], $10::text[], $11::int[], $12::timestamptz[], $13::timestamptz[]',
      ', name, image, custom, member_count, updated_at, deleted_at',
      `, name = h.name, image = h.image, custom = coalesce(h.custom::jsonb, c.custom), member_count = coalesce(h.member_count, c.member_count),
            updated_at = coalesce(h.updated_at, c.updated_at), deleted_at = h.deleted_at`,
    )}`,
  params: [
    ...paramsOf(drafts),
    drafts.map(({ channel }) => channel.name),
    drafts.map(({ channel }) => channel.image),
    drafts.map(({ patched }) => (patched.custom === undefined ? null : JSON.stringify(patched.custom))),
    drafts.map(({ patched }) => patched.memberCount ?? null),
    drafts.map(({ patched }) => patched.updatedAt ?? null),
    drafts.map(({ patched }) => patched.deletedAt ?? null),
  ],
});

/** SQL, with further arrays, the columns that they become, and what is set to these. A channel without events keeps its head. */
const statementText = (arrays: string, columns: string, changes: string): string =>
  `WITH h AS (SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[], $5::timestamptz[], $6::timestamptz[]${arrays})
          AS h (app_id, channel_id, first_seq, seq, at, last_message_at${columns})),
      head AS (UPDATE channels c SET seq = h.seq, head_at = CASE WHEN h.first_seq <= h.seq THEN h.at ELSE c.head_at END,
            last_message_at = coalesce(h.last_message_at, c.last_message_at)${changes}
          FROM h WHERE c.app_id = h.app_id AND c.channel_id = h.channel_id),
      log AS (INSERT INTO channel_events (app_id, channel_id, seq, type, payload, message_id, at)
          SELECT app_id, channel_id, seq, type, payload, message_id, at FROM json_to_recordset($7)
            AS e (app_id text, channel_id text, seq bigint, type text, payload jsonb, message_id uuid, at timestamptz))
      INSERT INTO outbox (app_id, channel_id, first_seq, last_seq)
        SELECT app_id, channel_id, first_seq, seq FROM h WHERE first_seq <= seq`;

const paramsOf = (drafts: readonly ChannelDraft[]): readonly unknown[] => [
  drafts.map(({ channel }) => channel.appId),
  drafts.map(({ channel }) => channel.channelId),
  drafts.map(({ channel, events }) => channel.seq - events.length + 1),
  drafts.map(({ channel }) => channel.seq),
  drafts.map(({ at }) => at),
  drafts.map(({ patched }) => patched.lastMessageAt ?? null),
  `[${drafts.flatMap(entriesOf).join()}]`,
];

/** Rows of the log as JSON. Their payloads are JSON already, and as such they need no escaping. */
const entriesOf = ({ channel: { appId, channelId }, events, texts }: ChannelDraft): readonly string[] =>
  events.map((event, index) => {
    const place = { app_id: appId, channel_id: channelId, seq: event.seq, type: event.__typename };
    const row = JSON.stringify({ ...place, message_id: messageIdOf(event), at: event.at });
    return `${row.slice(0, -1)},"payload":${texts[index]?.stored}}`;
  });
