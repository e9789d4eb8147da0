import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Indexes to find what changed in the last seconds, which is held against what the bus should have told by now. The conditions of `…_recent` always hold;
 * but a statement that asks nothing of the time does not imply them, and so cannot take one of these for the index that it needs, as it might where
 * there are no statistics yet.
 */
export class RecentChanges1767398400000 implements MigrationInterface {
  readonly name = 'RecentChanges1767398400000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE INDEX channel_events_recent ON channel_events (app_id, at) WHERE at IS NOT NULL');
    // Counting mentions reads those messages that have some, which are few.
    await runner.query(
      'CREATE INDEX messages_mentions ON messages (app_id, channel_id, seq) WHERE cardinality(mentioned_user_ids) > 0',
    );
    await runner.query('CREATE INDEX members_recent ON members (app_id, updated_at) WHERE updated_at IS NOT NULL');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX members_recent');
    await runner.query('DROP INDEX messages_mentions');
    await runner.query('DROP INDEX channel_events_recent');
  }
}
