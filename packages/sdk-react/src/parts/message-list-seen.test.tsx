import type { MessageView } from '@parley/sdk-js';
import { act, cleanup, screen } from '@testing-library/react';
import { renderToString } from 'react-dom/server';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { channelData, member, message, view } from '../../test/builders.ts';
import { createFakeChannel } from '../../test/fake-channel.ts';
import { createFakeClient } from '../../test/fake-client.ts';
import { type FakeSight, fakeSight } from '../../test/fake-sight.ts';
import { ada, bob, showChannel } from '../../test/show.tsx';
import { hello } from '../../test/timeline.ts';
import { ChannelProvider } from '../provider/channel-provider.tsx';
import { ParleyProvider } from '../provider/parley-provider.tsx';
import { MessageList } from './message-list.tsx';

let sight: FakeSight;
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  sight = fakeSight();
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});
const pass = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms));
/** Ada has read the first message. */
const unread = { count: 3, mentions: 0, readSeq: 1 };
const three = ['two', 'three', 'four'].map((id, at) => view(message(id, bob, `Text ${id}`, { seq: at + 2 })));
const showList = (messages: readonly MessageView[]) =>
  showChannel(<MessageList />, {
    messages,
    data: channelData('messaging:general', { seq: messages.length }),
    unread: { ...unread, count: messages.length - 1 },
  });
const positionOf = ({ channel }: ReturnType<typeof showChannel>) => channel.unread.get().readSeq;

test('what was unread at opening stays marked as new, and becomes read by being looked at', async () => {
  const shown = showList([hello, ...three]);
  expect(screen.getByText('New messages')).toBeTruthy();
  await pass(300);
  expect(shown.channel.unread.get()).toEqual({ count: 0, mentions: 0, readSeq: 4 });
  expect(screen.getByText('New messages')).toBeTruthy();
});

test('reading goes as far as the newest message in view, and no further', async () => {
  sight.show((target) => (['two', 'three'].includes(target.getAttribute('data-message-id') ?? '') ? 40 : 0));
  const shown = showList([hello, ...three]);
  await pass(10_000);
  expect(shown.channel.unread.get()).toEqual({ count: 1, mentions: 0, readSeq: 3 });
});

test('in a messenger that is not in sight nothing is read; what arrives meanwhile is marked as new', async () => {
  sight.show(() => 0);
  const shown = showList([hello]);
  act(() => void shown.channel.receive(bob, 'Are you there?'));
  await pass(20_000);
  expect(positionOf(shown)).toBe(1);
  expect(screen.getByText('New messages')).toBeTruthy();
  act(() => sight.show(() => 40));
  await pass(300);
  expect(shown.channel.unread.get().count).toBe(0);
});

test.each([
  { what: 'tab that nobody sees', hide: () => vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden') },
  { what: 'window that is not in use', hide: () => vi.spyOn(document, 'hasFocus').mockReturnValue(false) },
])('in a $what nothing is read', async ({ hide }) => {
  hide();
  const shown = showList([hello]);
  act(() => void shown.channel.receive(bob, 'Are you there?'));
  await pass(20_000);
  expect(positionOf(shown)).toBe(1);
  expect(screen.getByText('New messages')).toBeTruthy();

  vi.restoreAllMocks();
  vi.spyOn(document, 'hasFocus').mockReturnValue(true);
  act(() => {
    document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
    window.dispatchEvent(new Event('focus'));
  });
  await pass(300);
  expect(shown.channel.unread.get().count).toBe(0);
});

test('before somebody who looks, what arrives is read without being marked as new', async () => {
  const shown = showList([hello]);
  await pass(0);
  act(() => void shown.channel.receive(bob, 'Here I am'));
  await pass(600);
  expect(shown.channel.unread.get().count).toBe(0);
  expect(screen.queryByText('New messages')).toBeNull();
});

test('a server and a browser without IntersectionObserver mark nothing', async () => {
  vi.stubGlobal('IntersectionObserver', undefined);
  const shown = showList([hello, ...three]);
  await pass(60_000);
  expect(positionOf(shown)).toBe(1);
  const channel = createFakeChannel({
    data: channelData('messaging:general'),
    members: [member(ada)],
    me: ada,
    messages: three,
    unread,
  });
  renderToString(
    <ParleyProvider client={createFakeClient({ me: ada, channels: [channel] })}>
      <ChannelProvider id="messaging:general">
        <MessageList />
      </ChannelProvider>
    </ParleyProvider>,
  );
  expect(channel.calls).toEqual([]);
});

test('a list that goes leaves no observer behind', async () => {
  showList([hello, ...three]);
  expect(sight.observed().length).toBeGreaterThan(0);
  cleanup();
  expect(sight.observed()).toEqual([]);
});

test('the divider goes once one has answered', async () => {
  const { channel } = showList([hello, ...three]);
  await pass(300);
  expect(screen.getByText('New messages')).toBeTruthy();
  await act(() => channel.send('Yes'));
  expect(screen.queryByText('New messages')).toBeNull();
});
