import { expect, test } from 'vitest';
import { requireTool } from './tools.ts';

const nowhere = () => undefined;

test('tests whose tool is there run under their own name', () => {
  const tool = requireTool('nats-server', { CI: 'true' }, () => '/usr/sbin/nats-server');
  expect(tool.missing).toBe(false);
  expect(tool.label('the bus')).toBe('the bus');
});

test('tests whose tool is missing are skipped and say what would install it', () => {
  const tool = requireTool('nats-server', {}, nowhere);
  expect(tool.missing).toBe(true);
  expect(tool.label('the bus')).toMatch(/^the bus \(needs nats-server: .*install nats-server\)$/);
});

test('in CI a missing tool is a failure', () => {
  expect(() => requireTool('chromium', { CI: 'true' }, nowhere)).toThrow(/chromium is missing: .*install chromium/);
});
