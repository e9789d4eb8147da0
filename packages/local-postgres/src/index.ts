export { removeDataDir } from './data-dir.ts';
export {
  DataDirInUseError,
  DataDirNotWritableError,
  PasswordRefusedError,
  PostgresStartError,
} from './errors.ts';
export { freePort } from './free-port.ts';
export type { LocalPostgresLogger } from './logger.ts';
export type { OrphanGuard } from './orphan-guard.ts';
export { guardAgainstOrphan } from './orphan-guard.ts';
export { createRestartBackoff } from './restart-backoff.ts';
export type {
  LocalPostgres,
  StartPostgresOptions,
  StopMode,
} from './start-postgres.ts';
export { startPostgres } from './start-postgres.ts';
