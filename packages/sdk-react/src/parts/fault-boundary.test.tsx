import { act, cleanup, render, screen } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { useState } from 'react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { channelData, member, message, view } from '../../test/builders.ts';
import { createFakeChannel, type FakeChannelOptions } from '../../test/fake-channel.ts';
import { createFakeClient, type FakeClient, summaryOf } from '../../test/fake-client.ts';
import { ada, bob, showChannel } from '../../test/show.tsx';
import { Messenger } from '../prefabs/messenger.tsx';
import { ChannelProvider } from '../provider/channel-provider.tsx';
import { ParleyProvider } from '../provider/parley-provider.tsx';
import type { FaultPlace } from '../provider/report.tsx';
import { Message } from './message.tsx';
import { MessageList } from './message-list.tsx';

// React tells the console of every fault, also of one that a boundary has caught.
beforeEach(() => void vi.spyOn(console, 'error').mockImplementation(() => undefined));
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

/** What a server must never send, so the parts do not expect it. */
const nonsense = null as never;
const good = view(message('good', bob, 'Hello Ada', { seq: 1 }));
const bad = view(message('bad', bob, 'Boom', { seq: 2, reactionGroups: nonsense }));
const words = 'This message cannot be shown.';

function showMessenger(
  options: Partial<FakeChannelOptions> = {},
  onError?: (error: unknown, place: FaultPlace) => void,
) {
  const data = channelData('messaging:general', { name: 'General' });
  const other = channelData('messaging:other', { name: 'Other' });
  const channel = createFakeChannel({ data, members: [member(ada), member(bob)], me: ada, ...options });
  const second = createFakeChannel({ data: other, members: [member(ada), member(bob)], me: ada, messages: [good] });
  const summaries = [summaryOf(channel, data), summaryOf(second, other)];
  const client = createFakeClient({ me: ada, channels: [channel, second], summaries });
  render(<Messenger client={client} onError={onError} />);
  return { channel, client, summaries, hands: userEvent.setup() };
}

test('a message that cannot be shown says so in its place; the others, the composer and the list live on', async () => {
  const onError = vi.fn();
  const { hands } = showMessenger({ messages: [good, bad] }, onError);
  expect(await screen.findByText(words)).toBeTruthy();
  expect(screen.getByText('Hello Ada')).toBeTruthy();
  expect(screen.getByRole('heading', { name: 'General', level: 2 })).toBeTruthy();
  await hands.type(screen.getByRole('textbox', { name: 'Write a message' }), 'Still here{Enter}');
  expect(await screen.findByText('Still here')).toBeTruthy();
  expect(onError).toHaveBeenCalledExactlyOnceWith(
    expect.any(TypeError),
    expect.objectContaining({ part: 'message', id: 'bad', componentStack: expect.stringContaining('Reactions') }),
  );
});

test('a message that has changed is shown again', () => {
  const { channel } = showChannel(<MessageList />, { messages: [good, bad] });
  expect(screen.getByText(words)).toBeTruthy();
  act(() => channel.messages.set({ ...channel.messages.get(), items: [good, { ...bad, reactionGroups: [] }] }));
  expect(screen.queryByText(words)).toBeNull();
  expect(screen.getByText('Boom')).toBeTruthy();
});

test('a message that failed once is shown when somebody tries again', async () => {
  let broken = true;
  const moody = { ...good, id: 'moody' };
  Object.defineProperty(moody, 'text', {
    get: () => {
      if (broken) throw new Error('not now');
      return 'At last';
    },
  });
  const { hands } = showChannel(<MessageList />, { messages: [moody] });
  const again = screen.getByRole('button', { name: 'Try again' });
  await hands.click(again);
  expect(screen.getByText(words)).toBeTruthy();
  broken = false;
  await hands.click(screen.getByRole('button', { name: 'Try again' }));
  expect(screen.getByText('At last')).toBeTruthy();
});

function RestlessHost({ client, onError }: { readonly client: FakeClient; readonly onError: () => void }) {
  const [, setFaults] = useState(0);
  return (
    <ParleyProvider
      client={client}
      onError={() => {
        onError();
        setFaults((before) => before + 1);
      }}
    >
      <ChannelProvider id="messaging:general">
        <ol>
          <Message
            message={{ ...bad }}
            own={false}
            startsGroup
            endsGroup
            showsName
            receipt="sent"
            readers={[]}
            reactions={[]}
            highlighted={false}
            onJump={() => undefined}
          />
        </ol>
      </ChannelProvider>
    </ParleyProvider>
  );
}

test('a host that renders anew when it hears of a fault, with objects made anew, is told once', () => {
  const onError = vi.fn();
  const channel = createFakeChannel({ data: channelData('messaging:general'), members: [member(ada)], me: ada });
  render(<RestlessHost client={createFakeClient({ me: ada, channels: [channel] })} onError={onError} />);
  expect(screen.getByText(words)).toBeTruthy();
  expect(onError).toHaveBeenCalledOnce();
});

test('a conversation that cannot be shown says so; the list leads to another one, and back', async () => {
  const onError = vi.fn(() => {
    throw new Error('a handler of the host that fails');
  });
  const reported = vi.fn();
  vi.stubGlobal('reportError', reported);
  const { hands } = showMessenger({ messages: [view({ ...good, createdAt: nonsense })], members: nonsense }, onError);
  const fault = await screen.findByRole('alert');
  expect(fault.textContent).toContain('This conversation cannot be shown');
  expect(onError).toHaveBeenCalledWith(
    expect.anything(),
    expect.objectContaining({ part: 'conversation', id: 'messaging:general' }),
  );
  expect(reported).toHaveBeenCalled();
  await hands.click(screen.getByRole('button', { name: /^Other/ }));
  expect(await screen.findByText('Hello Ada')).toBeTruthy();
  expect(screen.queryByRole('alert')).toBeNull();
  vi.unstubAllGlobals();
});

test('a conversation that failed once is shown when somebody tries again', async () => {
  const { channel, hands } = showMessenger({ messages: [good], reads: 5 as never });
  expect((await screen.findByRole('alert')).textContent).toContain('This conversation cannot be shown');
  act(() => channel.reads.set(new Map()));
  await hands.click(screen.getByRole('button', { name: 'Try again' }));
  expect(await screen.findByText('Hello Ada')).toBeTruthy();
});

test('a conversation that the list cannot show leaves the others in it alone', async () => {
  const onError = vi.fn();
  const { client, summaries } = showMessenger({}, onError);
  await screen.findByRole('button', { name: /^Other/ });
  const [first, ...others] = summaries;
  if (first === undefined) return expect.unreachable('a first conversation');
  const hostile = { ...first, members: nonsense };
  act(() => client.list.set({ ...client.list.get(), items: [hostile, ...others] }));
  expect(screen.getByText('This conversation cannot be shown')).toBeTruthy();
  expect(screen.getByRole('button', { name: /^Other/ })).toBeTruthy();
  expect(onError).toHaveBeenCalledExactlyOnceWith(
    expect.any(TypeError),
    expect.objectContaining({ part: 'channel-list-item', id: 'messaging:general' }),
  );
  act(() => client.list.set({ ...client.list.get(), items: summaries }));
  expect(screen.queryByText('This conversation cannot be shown')).toBeNull();
});

test('a list that cannot be shown leaves the conversation alone', async () => {
  const onError = vi.fn();
  const { client } = showMessenger({ messages: [good] }, onError);
  await screen.findByText('Hello Ada');
  act(() => client.list.set({ ...client.list.get(), items: [nonsense] }));
  expect(screen.getByText('Your conversations cannot be shown')).toBeTruthy();
  expect(screen.getByText('Hello Ada')).toBeTruthy();
  expect(onError).toHaveBeenCalledWith(expect.anything(), expect.objectContaining({ part: 'channel-list', id: null }));
});

test('inside a provider, the messenger has an ear of its own', async () => {
  const outer = vi.fn();
  const inner = vi.fn();
  const data = channelData('messaging:general');
  const channel = createFakeChannel({ data, members: [member(ada)], me: ada, messages: [bad] });
  const client = createFakeClient({ me: ada, channels: [channel], summaries: [summaryOf(channel, data)] });
  render(
    <ParleyProvider client={client} onError={outer}>
      <Messenger onError={inner} />
    </ParleyProvider>,
  );
  expect(await screen.findByText(words)).toBeTruthy();
  expect(inner).toHaveBeenCalledOnce();
  expect(outer).not.toHaveBeenCalled();
});
