import type { MigrationInterface, QueryRunner } from 'typeorm';

const up = [
  // When what somebody may see changed last: nodes that were not told find it here.
  'ALTER TABLE apps ADD COLUMN access_changed_at timestamptz(3)',
  'ALTER TABLE users ADD COLUMN access_changed_at timestamptz(3), ADD COLUMN memberships_end_at timestamptz(3)',
  'ALTER TABLE api_keys ADD COLUMN label text, ADD COLUMN last_four text, ADD COLUMN ahead_until timestamptz(3)',
  'UPDATE api_keys SET last_four = right(secret, 4)',
  // What changed lately is few rows of all apps together, so the time comes first here.
  'CREATE INDEX apps_access ON apps (access_changed_at) WHERE access_changed_at IS NOT NULL',
  'CREATE INDEX users_access ON users (access_changed_at) WHERE access_changed_at IS NOT NULL',
  'CREATE INDEX users_departed ON users (memberships_end_at) WHERE memberships_end_at IS NOT NULL',
];

const down = [
  'ALTER TABLE api_keys DROP COLUMN label, DROP COLUMN last_four, DROP COLUMN ahead_until',
  'ALTER TABLE users DROP COLUMN access_changed_at, DROP COLUMN memberships_end_at',
  'ALTER TABLE apps DROP COLUMN access_changed_at',
];

/** What keys need to be managed by others than the operator, and what nodes need to find out whose access changed. */
export class KeysAndAccess1767657600000 implements MigrationInterface {
  readonly name = 'KeysAndAccess1767657600000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of up) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of down) await runner.query(statement);
  }
}
