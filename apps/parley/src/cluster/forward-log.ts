import type { Logger } from '@parley/service-kit';

const levels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const;

/** Passes a line that a node wrote on to our own log, under the name of the node. */
export function forwardLog(logger: Logger, node: string, line: string): void {
  const { level: said, msg, time: _time, service: _service, ...fields } = parse(line);
  const level = levels.find((known) => known === said);
  if (level === undefined) logger.warn({ node }, line);
  else logger[level]({ node, ...fields }, typeof msg === 'string' ? msg : '');
}

function parse(line: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
