import type { Message } from '@parley/contracts';
import { fakeClock } from '@parley/testkit';
import { buildMessage, buildUser } from '@parley/testkit/builders';
import { expect, test } from 'vitest';
import { createPeerScript } from './peer-script.ts';

const at = '2026-01-01T00:00:00.000Z';
let made = 0;

function says(userId: string, text: string, rest: Partial<Message> = {}): Message {
  made += 1;
  const user = buildUser({ id: userId, name: null, online: true });
  return buildMessage({ id: `message-${made}`, channelId: 'messaging:welcome', seq: made, user, text, ...rest });
}

function peer(overrides: { send?: () => Promise<unknown> } = {}) {
  const clock = fakeClock();
  const deeds: string[] = [];
  const errors: unknown[] = [];
  const done = (deed: string) => {
    deeds.push(deed);
    return Promise.resolve();
  };
  const script = createPeerScript({
    userId: 'grace',
    clock,
    onError: (error) => errors.push(error),
    hands: {
      markRead: () => done('read'),
      react: (_messageId, type) => done(`react ${type}`),
      type: () => void done('type'),
      send: overrides.send ?? (() => done('send')),
    },
  });
  return { clock, deeds, errors, script };
}

const times = (deeds: readonly string[], deed: string) => deeds.filter((other) => other === deed).length;

test('a greeting is read, waved at, and answered after some typing', async () => {
  const { clock, deeds, script } = peer();
  script.hear(says('ada', 'hello'));
  await clock.advanceAsync(10_000);
  expect(deeds).toEqual(['read', 'react 👋', 'type', 'send']);
});

test('it does not answer itself, threads, system messages or deleted ones', async () => {
  const { clock, deeds, script } = peer();
  script.hear(says('grace', 'hello'));
  script.hear(says('ada', 'hello', { parentId: 'message-1' }));
  script.hear(says('ada', 'hello', { kind: 'SYSTEM' }));
  script.hear(says('ada', 'hello', { deletedAt: at }));
  await clock.advanceAsync(60_000);
  expect(deeds).toEqual([]);
});

test('twenty messages at once get one answer', async () => {
  const { clock, deeds, script } = peer();
  for (let count = 0; count < 20; count += 1) script.hear(says('ada', 'so'));
  await clock.advanceAsync(60_000);
  expect(times(deeds, 'send')).toBe(1);
});

test('somebody who never stops writing is answered at most every three seconds', async () => {
  const { clock, deeds, script } = peer();
  for (let tick = 0; tick < 300; tick += 1) {
    script.hear(says('ada', 'and then'));
    await clock.advanceAsync(100);
  }
  expect(times(deeds, 'send')).toBeGreaterThan(3);
  expect(times(deeds, 'send')).toBeLessThanOrEqual(10);
});

test('a refused answer is reported, and the next message is answered all the same', async () => {
  const { clock, deeds, errors, script } = peer({ send: () => Promise.reject(new Error('refused')) });
  script.hear(says('ada', 'one'));
  await clock.advanceAsync(10_000);
  script.hear(says('ada', 'two'));
  await clock.advanceAsync(10_000);
  expect(errors).toHaveLength(2);
  expect(times(deeds, 'type')).toBe(2);
});

test('once stopped it does nothing more, and no timer is left', async () => {
  const { clock, deeds, script } = peer();
  script.hear(says('ada', 'hello'));
  script.stop();
  script.hear(says('ada', 'hello?'));
  await clock.advanceAsync(60_000);
  expect(deeds).toEqual([]);
  expect(clock.pending).toBe(0);
});
