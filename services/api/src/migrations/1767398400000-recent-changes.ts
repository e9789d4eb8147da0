import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Find what changed in the last seconds: what the bus should have told by now is held against it. */
export class RecentChanges1767398400000 implements MigrationInterface {
  readonly name = 'RecentChanges1767398400000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE INDEX channel_events_recent ON channel_events (app_id, at)');
    await runner.query('CREATE INDEX members_recent ON members (app_id, updated_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX members_recent');
    await runner.query('DROP INDEX channel_events_recent');
  }
}
