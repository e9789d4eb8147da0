import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Every text column compares by code point, as the filter language does, whatever the locale of the server. `app_id` leads every key, so that
 * one tenant's rows lie together and a shard can be cut out by app.
 */
const statements = [
  `CREATE TABLE organisations (
     organisation_id text COLLATE "C" PRIMARY KEY,
     name text NOT NULL,
     created_at timestamptz(3) NOT NULL DEFAULT now())`,

  `CREATE TABLE apps (
     app_id text COLLATE "C" PRIMARY KEY,
     organisation_id text COLLATE "C" NOT NULL REFERENCES organisations,
     name text NOT NULL,
     environment text NOT NULL,
     allowed_origins text[] NOT NULL DEFAULT '{}',
     tokens_valid_after timestamptz(3),
     created_at timestamptz(3) NOT NULL DEFAULT now())`,

  `CREATE TABLE api_keys (
     app_id text COLLATE "C" NOT NULL REFERENCES apps,
     key_id text COLLATE "C" NOT NULL UNIQUE,
     secret text NOT NULL,
     created_at timestamptz(3) NOT NULL DEFAULT now(),
     revoked_at timestamptz(3),
     PRIMARY KEY (app_id, key_id))`,

  `CREATE TABLE users (
     app_id text COLLATE "C" NOT NULL,
     user_id text COLLATE "C" NOT NULL,
     name text COLLATE "C",
     image text,
     role text COLLATE "C" NOT NULL DEFAULT 'user',
     custom jsonb NOT NULL DEFAULT '{}',
     last_active_at timestamptz(3),
     tokens_valid_after timestamptz(3),
     created_at timestamptz(3) NOT NULL DEFAULT now(),
     updated_at timestamptz(3) NOT NULL DEFAULT now(),
     deleted_at timestamptz(3),
     PRIMARY KEY (app_id, user_id))`,

  // Half-empty pages: the head of a busy channel moves with every message, and its new version then fits beside the old one.
  `CREATE TABLE channels (
     app_id text COLLATE "C" NOT NULL,
     channel_id text COLLATE "C" NOT NULL,
     type text COLLATE "C" NOT NULL,
     key text COLLATE "C" NOT NULL,
     name text COLLATE "C",
     image text,
     custom jsonb NOT NULL DEFAULT '{}',
     created_by text COLLATE "C",
     seq bigint NOT NULL DEFAULT 0,
     head_at timestamptz(3),
     log_floor bigint NOT NULL DEFAULT 0,
     member_count int NOT NULL DEFAULT 0,
     last_message_at timestamptz(3),
     distinct_key text COLLATE "C",
     created_at timestamptz(3) NOT NULL DEFAULT now(),
     updated_at timestamptz(3) NOT NULL DEFAULT now(),
     deleted_at timestamptz(3),
     PRIMARY KEY (app_id, channel_id)) WITH (fillfactor = 50)`,
  `CREATE UNIQUE INDEX channels_distinct ON channels (app_id, type, distinct_key) WHERE distinct_key IS NOT NULL AND deleted_at IS NULL`,

  `CREATE TABLE members (
     app_id text COLLATE "C" NOT NULL,
     channel_id text COLLATE "C" NOT NULL,
     user_id text COLLATE "C" NOT NULL,
     role text COLLATE "C" NOT NULL DEFAULT 'member',
     custom jsonb NOT NULL DEFAULT '{}',
     read_seq bigint NOT NULL DEFAULT 0,
     read_at timestamptz(3),
     created_at timestamptz(3) NOT NULL DEFAULT now(),
     updated_at timestamptz(3) NOT NULL DEFAULT now(),
     left_at timestamptz(3),
     left_reason text,
     PRIMARY KEY (app_id, channel_id, user_id)) WITH (fillfactor = 80)`,
  `CREATE INDEX members_by_user ON members (app_id, user_id, updated_at)`,

  `CREATE TABLE messages (
     app_id text COLLATE "C" NOT NULL,
     message_id uuid NOT NULL,
     channel_id text COLLATE "C" NOT NULL,
     seq bigint NOT NULL,
     kind text COLLATE "C" NOT NULL DEFAULT 'REGULAR',
     user_id text COLLATE "C",
     text text NOT NULL DEFAULT '',
     attachments jsonb NOT NULL DEFAULT '[]',
     mentioned_user_ids text[] COLLATE "C" NOT NULL DEFAULT '{}',
     parent_id uuid,
     show_in_channel boolean NOT NULL DEFAULT false,
     silent boolean NOT NULL DEFAULT false,
     quoted_id uuid,
     reply_count int NOT NULL DEFAULT 0,
     reaction_groups jsonb NOT NULL DEFAULT '[]',
     custom jsonb NOT NULL DEFAULT '{}',
     content_hash text,
     created_at timestamptz(3) NOT NULL DEFAULT now(),
     edited_at timestamptz(3),
     deleted_at timestamptz(3),
     PRIMARY KEY (app_id, message_id),
     UNIQUE (app_id, channel_id, seq))`,
  `CREATE INDEX messages_timeline ON messages (app_id, channel_id, seq) WHERE parent_id IS NULL OR show_in_channel`,
  `CREATE INDEX messages_replies ON messages (app_id, parent_id, seq) WHERE parent_id IS NOT NULL`,
  `CREATE INDEX messages_quotes ON messages (app_id, quoted_id) WHERE quoted_id IS NOT NULL`,
  `CREATE INDEX messages_unread ON messages (app_id, channel_id, seq) INCLUDE (user_id)
     WHERE kind = 'REGULAR' AND (parent_id IS NULL OR show_in_channel) AND NOT silent AND deleted_at IS NULL`,

  `CREATE TABLE reactions (
     app_id text COLLATE "C" NOT NULL,
     message_id uuid NOT NULL,
     user_id text COLLATE "C" NOT NULL,
     type text COLLATE "C" NOT NULL,
     score int NOT NULL DEFAULT 1,
     created_at timestamptz(3) NOT NULL DEFAULT now(),
     PRIMARY KEY (app_id, message_id, user_id, type))`,

  `CREATE TABLE channel_events (
     app_id text COLLATE "C" NOT NULL,
     channel_id text COLLATE "C" NOT NULL,
     seq bigint NOT NULL,
     type text COLLATE "C" NOT NULL,
     payload jsonb NOT NULL,
     message_id uuid,
     at timestamptz(3) NOT NULL,
     PRIMARY KEY (app_id, channel_id, seq))`,
  `CREATE INDEX channel_events_message ON channel_events (app_id, message_id) WHERE message_id IS NOT NULL`,
  // Rows arrive in the order of their time, so a block range index finds the old ones at next to no cost for a send.
  `CREATE INDEX channel_events_age ON channel_events USING brin (at)`,

  `CREATE TABLE outbox (
     app_id text COLLATE "C" NOT NULL,
     channel_id text COLLATE "C" NOT NULL,
     first_seq bigint NOT NULL,
     last_seq bigint NOT NULL,
     created_at timestamptz(3) NOT NULL DEFAULT now(),
     PRIMARY KEY (app_id, channel_id, first_seq))`,
  `CREATE INDEX outbox_age ON outbox (created_at)`,

  `CREATE TABLE presence_leases (
     app_id text COLLATE "C" NOT NULL,
     user_id text COLLATE "C" NOT NULL,
     node_id text COLLATE "C" NOT NULL,
     expires_at timestamptz(3) NOT NULL,
     PRIMARY KEY (app_id, user_id, node_id))`,
  `CREATE INDEX presence_leases_expiry ON presence_leases (expires_at)`,
];

const tables = [
  'presence_leases',
  'outbox',
  'channel_events',
  'reactions',
  'messages',
  'members',
  'channels',
  'users',
  'api_keys',
  'apps',
  'organisations',
];

export class InitialSchema1767225600000 implements MigrationInterface {
  readonly name = 'InitialSchema1767225600000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of tables) await runner.query(`DROP TABLE ${table}`);
  }
}
