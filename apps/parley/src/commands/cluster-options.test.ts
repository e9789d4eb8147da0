import { expect, test } from 'vitest';
import { parseClusterOptions } from './cluster-options.ts';

test('without arguments: two of each, one NATS, port 4100, .parley-cluster, with the demo', () => {
  expect(parseClusterOptions([])).toEqual({
    api: 2,
    fanout: 2,
    nats: 1,
    port: 4100,
    dataDir: '.parley-cluster',
    reset: false,
    demo: true,
    json: false,
  });
});

test('every option is heard', () => {
  const counts = ['--api', '1', '--fanout', '16', '--nats', '3'];
  const args = [...counts, '--port', '0', '--data-dir', 'x', '--reset', '--no-demo', '--json'];
  expect(parseClusterOptions(args)).toEqual({
    api: 1,
    fanout: 16,
    nats: 3,
    port: 0,
    dataDir: 'x',
    reset: true,
    demo: false,
    json: true,
  });
});

test.each([
  [['--api', '0'], '--api 0 is not a number of processes: take one from 1 to 16'],
  [['--api', 'two'], '--api two is not a number of processes'],
  [['--fanout', '17'], '--fanout 17 is not a number of processes'],
  [['--fanout', '1.5'], '--fanout 1.5 is not a number of processes'],
  [['--fanout', ''], '--fanout  is not a number of processes'],
  [['--nats', '2'], '--nats 2 is not a number of servers that agree: take 1 or 3'],
  [['--nats', 'many'], '--nats many is not a number of servers'],
  [['--port', '70000'], '--port 70000 is not a port'],
  [['--data-dir', ''], '--data-dir is empty'],
  [['--apis', '2'], "unknown option '--apis'"],
])('%j gets one sentence with a cure', (args, reason) => {
  const message = errorOf(args);
  expect(message).toContain(reason);
  expect(message).toMatch(/^unable to run parley cluster; [^\n]+: [^\n]+$/);
});

function errorOf(args: readonly string[]): string {
  try {
    parseClusterOptions(args);
  } catch (error) {
    if (error instanceof Error) return error.message;
  }
  return '';
}
