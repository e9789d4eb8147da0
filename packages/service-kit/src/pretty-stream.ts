import type { DestinationStream } from 'pino';

const hidden = new Set(['level', 'time', 'service', 'msg', 'err']);

/** Turns pino's JSON lines into lines for a person. */
export function prettyStream(destination: DestinationStream): DestinationStream {
  return { write: (line) => destination.write(prettyLine(line)) };
}

function prettyLine(line: string): string {
  const entry = parseObject(line);
  if (entry === undefined) return line;
  const time = textOf(entry['time']).slice(11, 19);
  const level = textOf(entry['level']).padEnd(5);
  const rest = Object.entries(entry)
    .filter(([key]) => !hidden.has(key))
    .map(([key, value]) => `${key}=${textOf(value)}`);
  const head = [time, level, textOf(entry['service']), textOf(entry['msg']), ...rest].join(' ');
  return `${head}${faultText(entry['err'])}\n`;
}

function faultText(error: unknown): string {
  if (typeof error !== 'object' || error === null) return '';
  if ('stack' in error) return `\n  ${textOf(error.stack)}`;
  return 'message' in error ? `\n  ${textOf(error.message)}` : '';
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return value === undefined ? '' : JSON.stringify(value);
}

function parseObject(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
