import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Whoever comes back is told whose profile changed meanwhile, without a look at everybody of the app. */
export class ChangedUsers1791100000000 implements MigrationInterface {
  readonly name = 'ChangedUsers1791100000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE INDEX users_updated ON users (app_id, updated_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX users_updated');
  }
}
