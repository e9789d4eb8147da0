import { expect, onTestFinished, test, vi } from 'vitest';
import { hostHints } from './hints.ts';

test('a host without events gives no hints', () => {
  expect(() => hostHints.on(() => {})()).not.toThrow();
});

test('a page that comes online or to the front, or goes offline, is heard until it is unsubscribed', () => {
  const host = new EventTarget();
  const page = Object.assign(new EventTarget(), { visibilityState: 'hidden' });
  vi.stubGlobal('addEventListener', host.addEventListener.bind(host));
  vi.stubGlobal('removeEventListener', host.removeEventListener.bind(host));
  vi.stubGlobal('document', page);
  onTestFinished(() => void vi.unstubAllGlobals());
  const heard: string[] = [];
  const unsubscribe = hostHints.on((hint) => heard.push(hint));
  const happen = () => {
    host.dispatchEvent(new Event('online'));
    host.dispatchEvent(new Event('offline'));
    page.dispatchEvent(new Event('visibilitychange'));
  };
  happen();
  expect(heard).toEqual(['try', 'check']);
  page.visibilityState = 'visible';
  happen();
  expect(heard).toEqual(['try', 'check', 'try', 'check', 'try']);
  unsubscribe();
  happen();
  expect(heard).toHaveLength(5);
});
