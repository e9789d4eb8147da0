import { type Attachment, ParleyError } from '@parley/contracts';
import { act, cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { channelData, member, message, view } from '../../test/builders.ts';
import { ada, bob, grace, reach, showChannel } from '../../test/show.tsx';
import { hello, log, mine } from '../../test/timeline.ts';
import { MessageList } from './message-list.tsx';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'], shouldAdvanceTime: true }));
afterEach(() => {
  cleanup();
  vi.useRealTimers();
  vi.restoreAllMocks();
});

test('messages are in a log that the keyboard can reach', () => {
  showChannel(<MessageList />, { messages: [hello, mine] });
  expect(within(log()).getByText('Hello Ada')).toBeTruthy();
  expect(log().tabIndex).toBe(0);
});

test('while loading there is a skeleton, without messages a friendly word', () => {
  const { channel } = showChannel(<MessageList />, { loads: false });
  expect(screen.getByRole('status', { name: 'Loading…' })).toBeTruthy();
  act(() => channel.state.set({ ...channel.state.get(), status: 'live' }));
  expect(screen.getByText('No messages yet')).toBeTruthy();
});

test('a channel that could not be opened says why, and can be tried again', async () => {
  const { channel, hands } = showChannel(<MessageList />, { loads: false });
  const error = new ParleyError('forbidden', 'unable to open channel; you lack read-channel');
  act(() => channel.state.set({ ...channel.state.get(), status: 'failed', error }));
  expect(screen.getByRole('alert').textContent).toContain('You may not do this here.');
  await hands.click(screen.getByRole('button', { name: 'Try again' }));
  expect(channel.watchers()).toBe(1);
});

test('markup in a message is text, and a link is a link', () => {
  const text = '<b>bold</b> https://parley.dev/';
  showChannel(<MessageList />, { messages: [view(message('one', bob, text))] });
  expect(log().querySelector('b')).toBeNull();
  const link = screen.getByRole<HTMLAnchorElement>('link', { name: 'https://parley.dev/' });
  expect(link.rel).toContain('noopener');
});

test('within a group each message tells its own time when one goes to it', () => {
  const early = view(message('early', bob, 'One', { seq: 1, createdAt: '2026-03-02T10:41:10.000Z' }));
  const late = view(message('late', bob, 'Two', { seq: 2, createdAt: '2026-03-02T10:41:50.000Z' }));
  showChannel(<MessageList />, { messages: [early, late] });
  const times = () => [...log().querySelectorAll('.parley-message time')].map((each) => each.getAttribute('datetime'));
  expect(times()).toEqual([late.createdAt]);
  reach('One');
  expect(times()).toEqual([early.createdAt, late.createdAt]);
  expect(screen.getByRole('toolbar').querySelector('time')?.title).toMatch(/Monday,? 2 March 2026/);
});

test('a very long message is unfolded by a button', async () => {
  const { hands } = showChannel(<MessageList />, {
    messages: [view(message('long', bob, `${'word '.repeat(1_900)}the end`))],
  });
  expect(log().textContent).not.toContain('the end');
  await hands.click(screen.getByRole('button', { name: 'Show all' }));
  expect(log().textContent).toContain('the end');
  expect(screen.queryByRole('button', { name: 'Show all' })).toBeNull();
});

test('a picture that cannot be shown becomes a link', () => {
  const picture: Attachment = {
    id: 'one',
    type: 'image',
    url: 'https://parley.dev/gone.png',
    title: 'Holiday',
    mimeType: 'image/png',
    size: null,
    width: 800,
    height: 500,
    durationMs: null,
    thumbnailUrl: null,
    custom: {},
  };
  showChannel(<MessageList />, { messages: [view(message('one', bob, '', { attachments: [picture] }))] });
  fireEvent.error(screen.getByRole('img', { name: /^Holiday/ }));
  expect(screen.queryByRole('img', { name: /^Holiday/ })).toBeNull();
  expect(screen.getByRole<HTMLAnchorElement>('link', { name: /^Holiday/ }).href).toBe('https://parley.dev/gone.png');
});

test('ticks tell sending, sent and read', () => {
  const { channel } = showChannel(<MessageList />, { messages: [view(mine, { status: 'sending' })] });
  expect(screen.getByRole('img', { name: 'Sending' })).toBeTruthy();
  act(() => channel.messages.set({ ...channel.messages.get(), items: [mine] }));
  expect(screen.getByRole('img', { name: 'Sent' })).toBeTruthy();
  act(() => channel.reads.set(new Map([['bob', 2]])));
  expect(screen.getByRole('img', { name: 'Read' })).toBeTruthy();
});

test('in a group, those who have read stand at the last message they read', () => {
  const data = channelData('messaging:general', { memberCount: 3 });
  const members = [ada, bob, grace].map((each) => member(each));
  showChannel(<MessageList />, {
    data,
    members,
    messages: [hello, mine],
    reads: new Map([
      ['bob', 2],
      ['grace', 2],
    ]),
  });
  expect(screen.getByRole('img', { name: 'Read by Bob and Grace' })).toBeTruthy();
});

test('who is typing is shown, and no longer when they stop', () => {
  const { channel } = showChannel(<MessageList />, { messages: [hello] });
  act(() => channel.typing.set([bob]));
  expect(screen.getByText('Bob is typing…')).toBeTruthy();
  act(() => channel.typing.set([]));
  expect(screen.queryByText('Bob is typing…')).toBeNull();
});

test('older messages are loaded as one nears the start, in front of the others', async () => {
  vi.spyOn(Element.prototype, 'clientHeight', 'get').mockReturnValue(400);
  const older = [view(message('old', bob, 'From long ago', { seq: 1 }))];
  showChannel(<MessageList />, { messages: [mine], olderPages: [older] });
  await screen.findByText('From long ago');
  const texts = [...log().querySelectorAll('.parley-text')].map((each) => each.textContent);
  expect(texts).toEqual(['From long ago', 'Hello Bob']);
});

test('away from the end a button leads back to it, with the number of new messages', () => {
  const { channel } = showChannel(<MessageList />, { messages: [hello, mine] });
  expect(screen.queryByRole('button', { name: 'Jump to latest' })).toBeNull();
  act(() => {
    Object.defineProperty(log(), 'scrollTop', { value: -500, configurable: true });
    log().dispatchEvent(new Event('scroll'));
  });
  act(() => void channel.receive(bob, 'Down here'));
  const button = screen.getByRole('button', { name: 'Jump to latest' });
  expect(button.textContent).toContain('1');
});

test.each([
  { reduced: false, behavior: 'smooth' },
  { reduced: true, behavior: 'instant' },
])('back to the end it scrolls $behavior when reduced motion is $reduced', async ({ reduced, behavior }) => {
  vi.stubGlobal('matchMedia', () => ({ matches: reduced }));
  const { hands } = showChannel(<MessageList />, { messages: [hello, mine] });
  const scrollTo = vi.fn();
  log().scrollTo = scrollTo;
  act(() => {
    Object.defineProperty(log(), 'scrollTop', { value: -500, configurable: true });
    log().dispatchEvent(new Event('scroll'));
  });
  await hands.click(screen.getByRole('button', { name: 'Jump to latest' }));
  expect(scrollTo).toHaveBeenCalledWith({ top: 0, behavior });
  vi.unstubAllGlobals();
});

test('a quote leads to what it quotes', async () => {
  const reply = view(message('reply', bob, 'Yes', { seq: 3, quoted: mine }));
  const { hands } = showChannel(<MessageList />, { messages: [hello, mine, reply] });
  await hands.click(screen.getByRole('button', { name: /Ada.*Hello Bob/ }));
  await waitFor(() => expect(document.activeElement?.getAttribute('data-message-id')).toBe('mine'));
});
