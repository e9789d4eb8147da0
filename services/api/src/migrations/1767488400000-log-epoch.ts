import type { MigrationInterface, QueryRunner } from 'typeorm';

/** One row: what `parley epoch` and `parley restore` change, so that clients begin anew. See platform/log-epoch.ts for what else makes an epoch. */
export class LogEpoch1767488400000 implements MigrationInterface {
  readonly name = 'LogEpoch1767488400000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE log_epoch (
      only_row boolean PRIMARY KEY DEFAULT TRUE CHECK (only_row),
      epoch uuid NOT NULL DEFAULT gen_random_uuid(),
      begun_at timestamptz(3) NOT NULL DEFAULT now())`);
    await runner.query('INSERT INTO log_epoch DEFAULT VALUES');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE log_epoch');
  }
}
