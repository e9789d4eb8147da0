import type { MigrationInterface } from 'typeorm';

/** The part of TypeORM's runner that is needed here. */
interface Runner {
  query(text: string): Promise<unknown>;
}

/** What the log no longer keeps of a message. */
const said = `'{text,attachments,mentionedUsers,quoted,custom}'::text[]`;

const nothing = `'{"attachments": [], "mentionedUsers": [], "quoted": null, "custom": {}}'::jsonb`;

/**
 * Takes the words of messages out of the log, which shows those of the message's row from now on. It writes every event of a message once, of at most the
 * days for which the log is kept. A node of the version before, which goes on writing while this runs, leaves events with words in them; they are read as
 * all others, and go with their age.
 */
export class LogWithoutWords1767484800000 implements MigrationInterface {
  readonly name = 'LogWithoutWords1767484800000';

  async up(runner: Runner): Promise<void> {
    await runner.query(
      `UPDATE channel_events SET payload = jsonb_set(payload, '{message}', (payload -> 'message') - ${said})
        WHERE message_id IS NOT NULL AND payload -> 'message' ? 'text'`,
    );
  }

  /** The version before reads the words from the log: it gets those of what is still there, without what goes with them. */
  async down(runner: Runner): Promise<void> {
    await runner.query(
      `UPDATE channel_events e SET payload = jsonb_set(payload, '{message}', (payload -> 'message') || ${nothing} || jsonb_build_object('text',
          coalesce((SELECT text FROM messages m WHERE m.app_id = e.app_id AND m.message_id = e.message_id AND deleted_at IS NULL), '')))
        WHERE message_id IS NOT NULL`,
    );
  }
}
