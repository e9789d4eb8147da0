import { createLogger } from '@parley/service-kit';
import { expect, test } from 'vitest';
import { forwardLog } from './forward-log.ts';

function forwarded(line: string): Record<string, unknown> {
  const lines: string[] = [];
  const logger = createLogger({ service: 'parley', stream: { write: (text) => lines.push(text) } });
  forwardLog(logger, 'api-0', line);
  const { time: _time, ...fields } = JSON.parse(lines[0] ?? '{}') as Record<string, unknown>;
  return fields;
}

test('what a node logs is logged under its name, with its level and fields', () => {
  const line = '{"level":"error","time":"2026-01-01T00:00:00.000Z","service":"api","requestId":"7","msg":"a fault"}';
  expect(forwarded(line)).toEqual({ level: 'error', service: 'parley', node: 'api-0', requestId: '7', msg: 'a fault' });
});

test.each(['unable to reach the database', '{"half": ', '"text"'])(
  'what is no line of a log is passed on: %s',
  (line) => {
    expect(forwarded(line)).toEqual({ level: 'warn', service: 'parley', node: 'api-0', msg: line });
  },
);
