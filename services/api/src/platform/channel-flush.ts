import { type ChannelDraft, messageIdOf } from './channel-draft.ts';
import type { Statement } from './sql.ts';

/** Stores heads, events and outbox rows of several channels, of whose rows nothing but the head and the time of the last message changed. */
export function draftsStatement(drafts: readonly ChannelDraft[]): Statement {
  const events = drafts.flatMap((draft) =>
    draft.events.map((event, index) => ({ draft, event, payload: draft.texts[index]?.stored })),
  );
  return {
    text: `-- flush-channels
      WITH h AS (SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[], $5::timestamptz[], $6::timestamptz[])
          AS h (app_id, channel_id, first_seq, seq, at, last_message_at)),
      head AS (UPDATE channels c SET seq = h.seq, head_at = CASE WHEN h.first_seq <= h.seq THEN h.at ELSE c.head_at END,
            last_message_at = coalesce(h.last_message_at, c.last_message_at)
          FROM h WHERE c.app_id = h.app_id AND c.channel_id = h.channel_id),
      log AS (INSERT INTO channel_events (app_id, channel_id, seq, type, payload, message_id, at)
          SELECT e.app_id, e.channel_id, e.seq, e.type, e.payload::jsonb, e.message_id, e.at
            FROM unnest($7::text[], $8::text[], $9::bigint[], $10::text[], $11::text[], $12::uuid[], $13::timestamptz[])
              AS e (app_id, channel_id, seq, type, payload, message_id, at))
      INSERT INTO outbox (app_id, channel_id, first_seq, last_seq)
        SELECT app_id, channel_id, first_seq, seq FROM h WHERE first_seq <= seq`,
    params: [
      drafts.map(({ channel }) => channel.appId),
      drafts.map(({ channel }) => channel.channelId),
      drafts.map(({ channel, events: own }) => channel.seq - own.length + 1),
      drafts.map(({ channel }) => channel.seq),
      drafts.map(({ at }) => at),
      drafts.map(({ patched }) => patched.lastMessageAt ?? null),
      events.map(({ draft }) => draft.channel.appId),
      events.map(({ draft }) => draft.channel.channelId),
      events.map(({ event }) => event.seq),
      events.map(({ event }) => event.__typename),
      events.map(({ payload }) => payload),
      events.map(({ event }) => messageIdOf(event)),
      events.map(({ event }) => event.at),
    ],
  };
}
