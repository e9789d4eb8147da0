import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The ids that a user may not have because of what else an app has: those in the form of a channel's, of an app's and of a key's. */
const otherForms = '^([a-z][a-z0-9-]{0,31}:[A-Za-z0-9_-]{1,64}|(app|key)_[0-9a-z]+)$';

/**
 * No user has the id of a channel, of its app or of a key (docs/adr/0021-ids-are-unique-over-all-types.md). Users are made in many places, so the database looks, and only at ids of
 * such a form. Whoever makes a channel looks itself, for there is one place. Those two take turns by an advisory lock on the id, which ends with the
 * transaction: without it each would miss what the other has not committed. Users and channels that have one id already stay as they are.
 */
const statements = [
  `CREATE FUNCTION lock_object_id(app text, object text) RETURNS void LANGUAGE sql VOLATILE AS
     $$ SELECT pg_advisory_xact_lock(hashtextextended(app || '/' || object, 21)) $$`,

  `CREATE FUNCTION other_object(app text, object text) RETURNS text LANGUAGE plpgsql STABLE AS $$
   BEGIN
     IF object !~ '${otherForms}' THEN RETURN NULL; END IF;
     IF object = app THEN RETURN 'app'; END IF;
     IF EXISTS (SELECT 1 FROM channels c WHERE c.app_id = app AND c.channel_id = object) THEN RETURN 'channel'; END IF;
     IF EXISTS (SELECT 1 FROM api_keys k WHERE k.app_id = app AND k.key_id = object) THEN RETURN 'key'; END IF;
     RETURN NULL;
   END $$`,

  // Each statement of a volatile function sees what was committed before it began: behind the lock, also what that was waited for.
  `CREATE FUNCTION refuse_id_of_other_object() RETURNS trigger LANGUAGE plpgsql VOLATILE AS $$
   DECLARE other text;
   BEGIN
     IF EXISTS (SELECT 1 FROM users u WHERE u.app_id = NEW.app_id AND u.user_id = NEW.user_id) THEN RETURN NEW; END IF;
     PERFORM lock_object_id(NEW.app_id, NEW.user_id);
     other := other_object(NEW.app_id, NEW.user_id);
     IF other IS NOT NULL THEN
       RAISE EXCEPTION 'the id is that of another object' USING ERRCODE = 'PY001', DETAIL = NEW.user_id, HINT = other;
     END IF;
     RETURN NEW;
   END $$`,

  `CREATE TRIGGER id_of_its_own BEFORE INSERT ON users FOR EACH ROW WHEN (NEW.user_id ~ '${otherForms}')
     EXECUTE FUNCTION refuse_id_of_other_object()`,
];

export class IdsOfTheirOwn1791000000000 implements MigrationInterface {
  readonly name = 'IdsOfTheirOwn1791000000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TRIGGER id_of_its_own ON users');
    for (const name of ['refuse_id_of_other_object()', 'other_object(text, text)', 'lock_object_id(text, text)'])
      await runner.query(`DROP FUNCTION ${name}`);
  }
}
