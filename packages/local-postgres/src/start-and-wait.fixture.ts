import { argv } from 'node:process';
import { startPostgres } from './start-postgres.ts';

/** A process of its own that starts a server, says where, and lives until it is killed. */
const postgres = await startPostgres({ dataDir: argv[2] ?? '' });
process.stdout.write(`${JSON.stringify({ url: postgres.url(), pid: postgres.pid })}\n`);
setInterval(() => undefined, 60_000);
