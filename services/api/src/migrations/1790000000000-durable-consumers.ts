import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What readers of the log need to go on where they were: docs/adr/0017-durable-consumers.md. Nothing of it is touched by a send. */
const statements = [
  `CREATE TABLE consumers (
     consumer text COLLATE "C" PRIMARY KEY,
     start_at text COLLATE "C" NOT NULL CHECK (start_at IN ('head', 'earliest')),
     started_at timestamptz(3) NOT NULL DEFAULT clock_timestamp())`,

  // Nodes that run the consumer just now, so that each knows its fair share.
  `CREATE TABLE consumer_runners (
     consumer text COLLATE "C" NOT NULL,
     runner_id uuid NOT NULL,
     expires_at timestamptz(3) NOT NULL,
     PRIMARY KEY (consumer, runner_id))`,

  // `token` grows with each owner: a cursor is written only under the newest one.
  `CREATE TABLE consumer_leases (
     consumer text COLLATE "C" NOT NULL,
     partition int NOT NULL,
     runner_id uuid,
     token bigint NOT NULL DEFAULT 0,
     expires_at timestamptz(3) NOT NULL DEFAULT '-infinity',
     lag_events bigint NOT NULL DEFAULT 0,
     lag_since timestamptz(3),
     measured_at timestamptz(3) NOT NULL DEFAULT now(),
     PRIMARY KEY (consumer, partition)) WITH (fillfactor = 50)`,

  `CREATE TABLE consumer_cursors (
     app_id text COLLATE "C" NOT NULL,
     channel_id text COLLATE "C" NOT NULL,
     consumer text COLLATE "C" NOT NULL,
     seq bigint NOT NULL,
     attempts int NOT NULL DEFAULT 0,
     single_until bigint NOT NULL DEFAULT 0,
     retry_at timestamptz(3),
     PRIMARY KEY (app_id, channel_id, consumer)) WITH (fillfactor = 70)`,

  `CREATE TABLE consumer_dead_letters (
     app_id text COLLATE "C" NOT NULL,
     channel_id text COLLATE "C" NOT NULL,
     consumer text COLLATE "C" NOT NULL,
     seq bigint NOT NULL,
     attempts int NOT NULL,
     error text NOT NULL,
     parked_at timestamptz(3) NOT NULL DEFAULT now(),
     PRIMARY KEY (app_id, channel_id, consumer))`,
  'CREATE INDEX consumer_dead_letters_by_consumer ON consumer_dead_letters (consumer, app_id, channel_id)',
];

const tables = ['consumer_dead_letters', 'consumer_cursors', 'consumer_leases', 'consumer_runners', 'consumers'];

export class DurableConsumers1790000000000 implements MigrationInterface {
  readonly name = 'DurableConsumers1790000000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of tables) await runner.query(`DROP TABLE ${table}`);
  }
}
