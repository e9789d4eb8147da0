import { expect, test } from 'vitest';
import { createLogger, silentLogger } from './logger.ts';

function linesOf(pretty: boolean) {
  const lines: string[] = [];
  const logger = createLogger({ service: 'api', pretty, stream: { write: (line) => lines.push(line) } });
  return { logger, lines };
}

test('tokens, secrets and message texts never reach the log, however deep', () => {
  const { logger, lines } = linesOf(false);
  logger.info({
    token: 'leak',
    request: { headers: { authorization: 'leak', cookie: 'leak' }, token: 'leak' },
    variables: { input: { text: 'leak', id: 'kept' } },
    key: { secret: 'leak' },
  });
  expect(lines.join('')).not.toContain('leak');
  expect(lines.join('')).toContain('kept');
});

test('a line is JSON with the service, the level by name and the time in ISO 8601', () => {
  const { logger, lines } = linesOf(false);
  logger.warn({ requestId: 'r1' }, 'careful');
  expect(JSON.parse(lines[0] ?? '')).toEqual({
    service: 'api',
    level: 'warn',
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
    requestId: 'r1',
    msg: 'careful',
  });
});

test('a person reads one line an entry, and the stack of a fault', () => {
  const { logger, lines } = linesOf(true);
  logger.info({ port: 4000, path: '/graphql' }, 'listening');
  logger.error({ err: new Error('boom') }, 'failed');
  expect(lines[0]).toMatch(/^\d\d:\d\d:\d\d info {2}api listening port=4000 path=\/graphql\n$/);
  expect(lines[1]).toMatch(/error api failed\n {2}Error: boom\n {4}at /);
});

test('a silent log says nothing', () => {
  expect(silentLogger().isLevelEnabled('fatal')).toBe(false);
});
