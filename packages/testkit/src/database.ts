import { randomBytes } from 'node:crypto';
import { Client, escapeIdentifier } from 'pg';
import { inject, vi } from 'vitest';
import './provided-context.ts';

/** A database of one test's own. */
export interface TestDatabase {
  readonly name: string;
  readonly url: string;
  /** Ends every session in the database and deletes it. Harmless when repeated. */
  drop(): Promise<void>;
}

/** Options of {@link createDatabase}. */
export interface CreateDatabaseOptions {
  /** The name of a template, as {@link templateDatabase} gives it; an empty database when absent. */
  readonly template?: string;
}

/** A fresh database on the run's Postgres: empty, or a clone of a template. */
export async function createDatabase(options: CreateDatabaseOptions = {}): Promise<TestDatabase> {
  const name = `test_${randomBytes(8).toString('hex')}`;
  const source = options.template === undefined ? '' : ` TEMPLATE ${escapeIdentifier(options.template)}`;
  await withAdmin((admin) => admin.query(`CREATE DATABASE ${escapeIdentifier(name)}${source}`));
  return {
    name,
    url: urlOf(name),
    drop: async () => {
      // It asks for a checkpoint, which may fail while the databases of other tests go.
      await vi.waitFor(
        () => withAdmin((admin) => admin.query(`DROP DATABASE IF EXISTS ${escapeIdentifier(name)} WITH (FORCE)`)),
        { timeout: 10_000, interval: 100 },
      );
    },
  };
}

/**
 * Makes a template database once in a run, however many test files ask, and gives its name for {@link createDatabase}.
 * `prepare` fills it, such as by migrations, and must close its connections.
 */
export async function templateDatabase(name: string, prepare: (url: string) => Promise<void>): Promise<string> {
  const template = `template_${name}`;
  await withAdmin(async (admin) => {
    await admin.query('SELECT pg_advisory_lock(hashtextextended($1, 0))', [template]);
    const ready = await admin.query('SELECT 1 FROM pg_database WHERE datname = $1 AND datistemplate', [template]);
    if (ready.rowCount === 1) return;
    // One that is not marked as a template was left unfinished by a `prepare` that failed.
    await admin.query(`DROP DATABASE IF EXISTS ${escapeIdentifier(template)} WITH (FORCE)`);
    await admin.query(`CREATE DATABASE ${escapeIdentifier(template)}`);
    await prepare(urlOf(template));
    // A session in the template would make every clone fail, so none is let in from here on.
    await admin.query(`ALTER DATABASE ${escapeIdentifier(template)} WITH IS_TEMPLATE true ALLOW_CONNECTIONS false`);
  });
  return template;
}

function urlOf(database: string): string {
  const url = new URL(adminUrl());
  url.pathname = `/${database}`;
  return url.href;
}

function adminUrl(): string {
  const url = inject('parleyPostgresUrl');
  if (!url)
    throw new Error(
      "unable to reach the run's Postgres; name @parley/testkit/vitest as globalSetup in the vitest config",
    );
  return url;
}

async function withAdmin<T>(work: (admin: Client) => Promise<T>): Promise<T> {
  const admin = new Client({
    connectionString: adminUrl(),
    connectionTimeoutMillis: 10_000,
  });
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.end();
  }
}
