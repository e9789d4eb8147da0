import { ParleyError } from '@parley/contracts';
import { act, cleanup } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { channelData } from '../../test/builders.ts';
import { ada, bob, grace, showChannel } from '../../test/show.tsx';
import { hello, log, mine } from '../../test/timeline.ts';
import { MessageList } from './message-list.tsx';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] }));
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

const pass = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms));
const heard = () => document.querySelector('[aria-live="polite"]')?.textContent;

test('a message of somebody else is said once; what was there, one’s own and history are not', async () => {
  const { channel } = showChannel(<MessageList />, {
    messages: [hello, mine],
    data: channelData('messaging:general', { seq: 2 }),
  });
  await pass(2_000);
  expect(heard()).toBe('');
  act(() => void channel.receive(bob, 'Lunch?'));
  await pass(0);
  expect(heard()).toBe('Bob: Lunch?');
  await pass(5_000);
  expect(heard()).toBe('');
  act(() => void channel.receive(ada, 'From my phone'));
  act(() => channel.messages.set({ ...channel.messages.get(), items: [...channel.messages.get().items] }));
  await pass(2_000);
  expect(heard()).toBe('');
  expect(log().getAttribute('aria-live')).toBeNull();
});

test('a burst is said as its number, once a second', async () => {
  const { channel } = showChannel(<MessageList />, {
    messages: [hello],
    data: channelData('messaging:general', { seq: 2 }),
  });
  act(() => void channel.receive(bob, 'One'));
  await pass(0);
  act(() => {
    for (const text of ['Two', 'Three', 'Four']) channel.receive(grace, text);
  });
  await pass(900);
  expect(heard()).toBe('Bob: One');
  await pass(100);
  expect(heard()).toBe('3 new messages');
});

test('what was sent and what was not is said, the fault first', async () => {
  const { channel } = showChannel(<MessageList />, {
    messages: [hello],
    data: channelData('messaging:general', { seq: 2 }),
  });
  await act(() => channel.send('Yes'));
  await pass(0);
  expect(heard()).toBe('Sent');
  channel.refuseWith(new ParleyError('forbidden', 'unable to send; no'));
  await act(() => channel.send('No').catch(() => undefined));
  await pass(1_000);
  expect(heard()).toBe('Not sent: No');
});

test('who types is said after a while, where there is nothing else to say, and not again at each pause', async () => {
  const { channel } = showChannel(<MessageList />, {
    messages: [hello],
    data: channelData('messaging:general', { seq: 2 }),
  });
  act(() => channel.typing.set([bob]));
  await pass(1_000);
  act(() => channel.typing.set([]));
  await pass(5_000);
  expect(heard()).toBe('');
  act(() => channel.typing.set([bob]));
  await pass(2_001);
  expect(heard()).toBe('Bob is typing…');
  await pass(5_000);
  act(() => channel.typing.set([]));
  act(() => channel.typing.set([bob]));
  await pass(5_000);
  expect(heard()).toBe('');
});
