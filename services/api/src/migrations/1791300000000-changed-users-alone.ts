import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The index of changed profiles holds these alone: whoever comes back after many signed up reads none of the new users. */
export class ChangedUsersAlone1791300000000 implements MigrationInterface {
  readonly name = 'ChangedUsersAlone1791300000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX users_updated');
    await runner.query('CREATE INDEX users_changed ON users (app_id, updated_at) WHERE updated_at > created_at');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX users_changed');
    await runner.query('CREATE INDEX users_updated ON users (app_id, updated_at)');
  }
}
