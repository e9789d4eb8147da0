import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Find what changed in the last seconds: what the bus should have told by now is held against it. Their conditions always hold. But a statement that asks
 * nothing of the time does not imply them, and so cannot take one of these for the index that it needs, as it may where there are no statistics yet.
 */
export class RecentChanges1767398400000 implements MigrationInterface {
  readonly name = 'RecentChanges1767398400000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE INDEX channel_events_recent ON channel_events (app_id, at) WHERE at IS NOT NULL');
    await runner.query('CREATE INDEX members_recent ON members (app_id, updated_at) WHERE updated_at IS NOT NULL');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX members_recent');
    await runner.query('DROP INDEX channel_events_recent');
  }
}
