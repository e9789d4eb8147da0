import { restoreBackup } from './restore-backup.ts';
import { writeBackup } from './write-backup.ts';

// A backup or a restore in a process of its own, to be killed: `run.fixture.ts backup <url> <file>`.
const [, , what, databaseUrl = '', file = ''] = process.argv;
await (what === 'backup' ? writeBackup : restoreBackup)({ databaseUrl, file });
