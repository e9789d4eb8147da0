/** The data directory belongs to a live process; its message says which and what to do. */
export class DataDirInUseError extends Error {
  override readonly name = 'DataDirInUseError';
  readonly dataDir: string;
  readonly ownerPid: number;

  constructor(dataDir: string, ownerPid: number) {
    super(
      `unable to start Postgres in ${dataDir}; process ${ownerPid} is using it: stop that process or choose another data directory`,
    );
    this.dataDir = dataDir;
    this.ownerPid = ownerPid;
  }
}

/** The data directory cannot be written by this user; its message says what to do. */
export class DataDirNotWritableError extends Error {
  override readonly name = 'DataDirNotWritableError';
  readonly dataDir: string;

  constructor(dataDir: string, cause: Error) {
    const why =
      errorCode(cause) === 'ENOSPC'
        ? 'its file system is full: make room or choose another data directory'
        : 'the directory is not writable: make it writable for this user or choose another data directory';
    super(`unable to start Postgres in ${dataDir}; ${why}`, { cause });
    this.dataDir = dataDir;
  }
}

/** The password that lies beside the data is not that of the database; its message says what to do. */
export class PasswordRefusedError extends Error {
  override readonly name = 'PasswordRefusedError';
  readonly passwordFile: string;

  constructor(passwordFile: string, cause: Error) {
    super(
      `unable to open the database; the password in ${passwordFile} is not the one that it was made with: delete that file, and the next start sets a new one (the data stay)`,
      { cause },
    );
    this.passwordFile = passwordFile;
  }
}

/** Postgres did not come up; the message ends with the server's last words. */
export class PostgresStartError extends Error {
  override readonly name = 'PostgresStartError';
  readonly lastStderr: string;

  constructor(why: string, lastStderr = '', cause?: unknown) {
    const tail = lastStderr.trim();
    super(`unable to start Postgres; ${why}${tail === '' ? '' : `\n${tail}`}`, cause === undefined ? {} : { cause });
    this.lastStderr = lastStderr;
  }
}

export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

const refusals = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'ENOSPC']);

/** Runs a step that writes and turns a refusal by the file system into DataDirNotWritableError. */
export async function writing<T>(dataDir: string, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    if (error instanceof Error && refusals.has(errorCode(error) ?? ''))
      throw new DataDirNotWritableError(dataDir, error);
    throw error;
  }
}
