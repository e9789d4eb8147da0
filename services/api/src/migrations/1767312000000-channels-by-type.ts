import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Finds the channels of an open type, which everybody may read, without a look at all others. A channel never changes its type, so sends do not touch it. */
export class ChannelsByType1767312000000 implements MigrationInterface {
  readonly name = 'ChannelsByType1767312000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE INDEX channels_by_type ON channels (app_id, type) WHERE deleted_at IS NULL');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX channels_by_type');
  }
}
