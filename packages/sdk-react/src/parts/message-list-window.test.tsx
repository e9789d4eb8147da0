import { ParleyError } from '@parley/contracts';
import { act, cleanup, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { channelData, message, view } from '../../test/builders.ts';
import { ada, bob, showChannel } from '../../test/show.tsx';
import { log } from '../../test/timeline.ts';
import { MessageList } from './message-list.tsx';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'], shouldAdvanceTime: true }));
afterEach(() => {
  cleanup();
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const from = (seq: number, parts = {}) => view(message(`m${seq}`, bob, `Text ${seq}`, { seq, ...parts }));
const range = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, at) => from(first + at));
const texts = () => [...log().querySelectorAll('.parley-text')].map((each) => Number(each.textContent?.slice(5)));
const latest = () => screen.queryByRole('button', { name: 'Jump to latest' });
const times = (channel: ReturnType<typeof showChannel>['channel'], name: string) =>
  channel.calls.filter(([called]) => called === name).length;
/** The page is laid out in so far as a scroller has a height. */
const laidOut = () => vi.spyOn(Element.prototype, 'clientHeight', 'get').mockReturnValue(400);
const away = new ParleyError('unavailable', 'unable to load messages; try again');

test('newer messages are loaded as one nears the end of the loaded ones, until the newest is there', async () => {
  laidOut();
  const { channel } = showChannel(<MessageList />, {
    messages: range(1, 3),
    newerPages: [range(4, 6), range(7, 9)],
  });
  await waitFor(() => expect(texts()).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]));
  expect(times(channel, 'loadNewer')).toBe(2);
  expect(latest()).toBeNull();
});

test('the end of the loaded messages is not the end: a button leads to the newest ones, and says how many are unread', async () => {
  const { channel, hands } = showChannel(<MessageList />, {
    messages: range(1, 3),
    newerPages: [range(4, 6), range(7, 9)],
    data: channelData('messaging:general', { seq: 9 }),
    unread: { count: 8, mentions: 0, readSeq: 1 },
  });
  expect(latest()?.textContent).toContain('8');
  act(() => void channel.receive(bob, 'Text 10'));
  expect([texts(), latest()?.textContent]).toEqual([[1, 2, 3], expect.stringContaining('9')]);
  const scrollTo = vi.fn();
  log().scrollTo = scrollTo;
  await hands.click(screen.getByRole('button', { name: 'Jump to latest' }));
  await waitFor(() => expect(texts().at(-1)).toBe(10));
  expect(scrollTo).toHaveBeenCalledWith({ top: 0, behavior: 'instant' });
  expect(latest()).toBeNull();
});

test('where newer messages could not be loaded it says so, asks no more by itself, and tries again on request', async () => {
  laidOut();
  const { channel, hands } = showChannel(<MessageList />, { messages: range(1, 3) });
  channel.refuseWith(away);
  act(() => channel.messages.set({ ...channel.messages.get(), hasNewer: true }));
  expect((await screen.findByRole('alert')).textContent).toContain('Later messages could not be loaded.');
  act(() => channel.messages.set({ ...channel.messages.get(), items: range(1, 2) }));
  expect(times(channel, 'loadNewer')).toBe(1);
  channel.refuseWith(null);
  await hands.click(screen.getByRole('button', { name: 'Try again' }));
  expect(times(channel, 'loadNewer')).toBeGreaterThan(1);
  expect(screen.queryByRole('alert')).toBeNull();
});

test('what is new is not divided where the loaded part begins', () => {
  showChannel(<MessageList />, {
    messages: range(50, 52),
    olderPages: [range(40, 49)],
    unread: { count: 30, mentions: 0, readSeq: 22 },
  });
  expect(screen.queryByText('New messages')).toBeNull();
});

test('it opens at the divider, also when all that is loaded after it would fit on the screen', () => {
  laidOut();
  const places = new Map([['new', 150]]);
  vi.spyOn(Element.prototype, 'getBoundingClientRect').mockImplementation(function (this: Element) {
    const top = places.get(this.getAttribute('data-row') ?? '') ?? 0;
    return { top, bottom: top + 20 } as DOMRect;
  });
  const options = { messages: range(1, 9), unread: { count: 40, mentions: 0, readSeq: 4 } };
  showChannel(<MessageList />, { ...options, newerPages: [range(10, 50)] });
  expect(log().scrollTop).toBe(150 - 24);
  cleanup();
  showChannel(<MessageList />, options);
  expect(log().scrollTop).toBe(0);
});

test('the divider stays where it was while somebody reads on from it', () => {
  const { channel } = showChannel(<MessageList />, {
    messages: range(1, 9),
    newerPages: [range(10, 20)],
    unread: { count: 16, mentions: 0, readSeq: 4 },
  });
  const before = () => screen.getByText('New messages').closest('li')?.nextElementSibling?.textContent;
  expect(before()).toContain('Text 5');
  for (const readSeq of [6, 8]) act(() => channel.unread.set({ count: 20 - readSeq, mentions: 0, readSeq }));
  expect(before()).toContain('Text 5');
});

test('a quote from long ago is loaded by one request, with a sign of progress, and highlighted', async () => {
  const quoting = from(60, { quoted: from(7) });
  const { channel, hands } = showChannel(<MessageList />, {
    messages: [quoting],
    olderPages: [range(51, 59), range(5, 9)],
  });
  let arrive = () => {};
  const { loadAround } = channel.messages;
  channel.messages.loadAround = (id) =>
    new Promise((resolve) => {
      arrive = () => resolve(loadAround(id));
    });
  await hands.click(screen.getByRole('button', { name: /Text 7/ }));
  expect(screen.getByRole('status').textContent).toBe('Loading…');
  await act(async () => arrive());
  expect(document.activeElement?.getAttribute('data-message-id')).toBe('m7');
  expect(document.activeElement?.getAttribute('data-highlighted')).toBe('true');
  expect(screen.queryByRole('status')).toBeNull();
  expect(times(channel, 'loadAround')).toBe(1);
  expect(latest()).not.toBeNull();
});

test('a quoted message that is no longer there is said to be so, and so is one that cannot be loaded', async () => {
  const quoting = view(message('quoting', ada, 'As you said', { seq: 9, quoted: from(3) }));
  const { channel, hands } = showChannel(<MessageList />, { messages: [quoting] });
  const quote = () => screen.getByRole('button', { name: /Text 3/ });
  await hands.click(quote());
  expect((await screen.findByRole('status')).textContent).toBe('This message is no longer there.');
  await act(() => vi.advanceTimersByTimeAsync(6_000));
  expect(screen.queryByRole('status')).toBeNull();
  channel.refuseWith(away);
  await hands.click(quote());
  expect((await screen.findByText('This message could not be loaded.')).getAttribute('role')).toBe('status');
});

test('a search hit or a link leads to its message once the conversation is open, once', async () => {
  const { channel, rerender } = showChannel(<MessageList targetId="m7" />, {
    messages: range(51, 59),
    olderPages: [range(10, 50), range(5, 9)],
  });
  await waitFor(() => expect(document.activeElement?.getAttribute('data-message-id')).toBe('m7'));
  for (const status of ['resuming', 'live'] as const) act(() => channel.state.set({ ...channel.state.get(), status }));
  rerender(<MessageList targetId="m7" />);
  expect(times(channel, 'loadAround')).toBe(1);
  rerender(<MessageList targetId="m5" />);
  await waitFor(() => expect(document.activeElement?.getAttribute('data-message-id')).toBe('m5'));
});

test('the quote of a reply leads to the message that it replies to', async () => {
  const reply = from(8, { parentId: 'm3' });
  const { hands } = showChannel(<MessageList />, { messages: [from(3), from(9, { quoted: reply })] });
  await hands.click(screen.getByRole('button', { name: /Text 8/ }));
  expect(document.activeElement?.getAttribute('data-message-id')).toBe('m3');
});

test('whoever returns to the latest messages during a jump hears nothing more of the jump', async () => {
  const { channel, hands } = showChannel(<MessageList />, {
    messages: [from(30, { quoted: from(3) })],
    newerPages: [range(31, 33)],
  });
  let arrive = (_found: boolean) => {};
  channel.messages.loadAround = () =>
    new Promise((resolve) => {
      arrive = resolve;
    });
  await hands.click(screen.getByRole('button', { name: /Text 3/ }));
  await hands.click(screen.getByRole('button', { name: 'Jump to latest' }));
  await act(async () => arrive(false));
  expect(screen.queryByRole('status')).toBeNull();
  expect(texts()).toEqual([31, 32, 33]);
});

test('what waits to be sent when a conversation opens does not lead away from its first unread message; what is written then does', async () => {
  const { channel } = showChannel(<MessageList />, { messages: range(1, 3), newerPages: [range(4, 6)], loads: false });
  const waiting = view(message('waiting', ada, 'Still waiting', { seq: 0 }), { status: 'sending' });
  act(() => channel.messages.set({ ...channel.messages.get(), items: [...range(1, 3), waiting], hasNewer: true }));
  act(() => channel.state.set({ ...channel.state.get(), status: 'live' }));
  expect(times(channel, 'jumpToNewest')).toBe(0);
  const written = view(message('written', ada, 'Written now', { seq: 0 }), { status: 'sending' });
  act(() => channel.messages.set({ ...channel.messages.get(), items: [...range(1, 3), waiting, written] }));
  expect(times(channel, 'jumpToNewest')).toBe(1);
});
