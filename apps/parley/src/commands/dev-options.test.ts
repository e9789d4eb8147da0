import { expect, test } from 'vitest';
import { parseDevOptions } from './dev-options.ts';

test('without arguments: port 4000, .parley, with the demo', () => {
  expect(parseDevOptions([])).toEqual({ port: 4000, dataDir: '.parley', reset: false, demo: true, json: false });
});

test('every option is heard', () => {
  const args = ['--json', '--port', '4100', '--data-dir', '.parley-check', '--no-demo', '--reset'];
  expect(parseDevOptions(args)).toEqual({
    port: 4100,
    dataDir: '.parley-check',
    reset: true,
    demo: false,
    json: true,
  });
});

test.each([
  [['--prot', '4100'], "unknown option '--prot'"],
  [['--port', 'http'], '--port http is not a port'],
  [['--port', '65536'], '--port 65536 is not a port'],
  [['--port', '-1'], "'--port' argument is ambiguous"],
  [['--port'], "'--port <value>' argument missing"],
  [['--data-dir', ''], '--data-dir is empty'],
  [['everything'], 'unexpected argument'],
])('%j gets one sentence with a cure', (args, reason) => {
  const message = errorOf(args);
  expect(message).toContain(reason);
  expect(message).toMatch(/^unable to run parley dev; [^\n]+: [^\n]+$/);
});

function errorOf(args: readonly string[]): string {
  try {
    parseDevOptions(args);
  } catch (error) {
    if (error instanceof Error) return error.message;
  }
  return '';
}
