import { createLogger, type Logger } from '../src/logger.ts';

/** A log that keeps what was said at the level of errors. */
export function recordingLogger(): { readonly logger: Logger; readonly faults: readonly string[] } {
  const faults: string[] = [];
  const write = (line: string) => {
    const entry: { level: string; msg: string } = JSON.parse(line);
    if (entry.level === 'error') faults.push(entry.msg);
  };
  return { logger: createLogger({ service: 'test', stream: { write } }), faults };
}
