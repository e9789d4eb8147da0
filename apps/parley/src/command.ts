import type { Writable } from 'node:stream';

/** Where a command writes: results to `stdout`, everything else to `stderr`. */
export interface Terminal {
  readonly stdout: Writable;
  readonly stderr: Writable;
}

/** One word after `parley`. */
export interface Command {
  readonly name: string;
  /** Half a line for `parley --help`. */
  readonly summary: string;
  readonly help: string;
  /** Resolves with the exit code. @throws UsageError for arguments that cannot be used */
  run(args: readonly string[], terminal: Terminal): Promise<number>;
}
