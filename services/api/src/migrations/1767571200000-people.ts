import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What an app lets its users know and do, what only a user itself and the back end read of the user, and direct conversations in which nobody is above
 * the others: whoever had written first owned them.
 */
export class People1767571200000 implements MigrationInterface {
  readonly name = 'People1767571200000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE apps ADD COLUMN settings jsonb NOT NULL DEFAULT '{}'`);
    await runner.query(`ALTER TABLE users ADD COLUMN private jsonb NOT NULL DEFAULT '{}'`);
    await runner.query(roleOfStarters('owner', 'member'));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(roleOfStarters('member', 'owner'));
    await runner.query('ALTER TABLE users DROP COLUMN private');
    await runner.query('ALTER TABLE apps DROP COLUMN settings');
  }
}

const roleOfStarters = (from: string, to: string): string =>
  `UPDATE members m SET role = '${to}' FROM channels c
    WHERE c.distinct_key IS NOT NULL AND m.app_id = c.app_id AND m.channel_id = c.channel_id AND m.user_id = c.created_by AND m.role = '${from}'
      AND EXISTS (SELECT 1 FROM members o WHERE o.app_id = m.app_id AND o.channel_id = m.channel_id AND o.user_id <> m.user_id)`;
