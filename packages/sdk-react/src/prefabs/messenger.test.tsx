import { ParleyError } from '@parley/contracts';
import { act, cleanup, render, screen, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { StrictMode } from 'react';
import { renderToString } from 'react-dom/server';
import { afterEach, expect, test, vi } from 'vitest';
import { channelData, member, message, view } from '../../test/builders.ts';
import { createFakeChannel } from '../../test/fake-channel.ts';
import { createFakeClient, summaryOf } from '../../test/fake-client.ts';
import { ada, bob, grace } from '../../test/show.tsx';
import { ParleyProvider } from '../provider/parley-provider.tsx';
import { Messenger, type MessengerOptions } from './messenger.tsx';

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

function world() {
  const channelWith = (other: typeof bob, text: string) => {
    const data = channelData(`messaging:${other.id}`);
    const members = [member(ada), member(other)];
    const last = view(message(`from ${other.id}`, other, text, { seq: 1 }));
    const channel = createFakeChannel({ data, members, me: ada, messages: [last] });
    return { channel, summary: summaryOf(channel, data, { members, lastMessage: last }) };
  };
  const withBob = channelWith(bob, 'Hi from Bob');
  const withGrace = channelWith(grace, 'Hi from Grace');
  const client = createFakeClient({
    me: ada,
    channels: [withBob.channel, withGrace.channel],
    summaries: [withBob.summary, withGrace.summary],
    users: [ada, bob, grace],
  });
  return { client, withBob: withBob.channel, withGrace: withGrace.channel };
}

function show(options: MessengerOptions = {}) {
  const made = world();
  render(
    <StrictMode>
      <Messenger client={made.client} {...options} />
    </StrictMode>,
  );
  return { ...made, hands: userEvent.setup() };
}
const conversation = () => within(screen.getByRole('region', { name: 'Conversation' }));
const list = () => within(screen.getByRole('navigation', { name: 'Messages' }));

function narrowPage() {
  class Observer {
    observe() {}
    unobserve() {}
    disconnect() {}
  }
  vi.stubGlobal('ResizeObserver', Observer);
  vi.spyOn(Element.prototype, 'clientWidth', 'get').mockReturnValue(390);
}

test('the latest conversation is open, the others are a click away', async () => {
  const { hands } = show();
  expect(conversation().getByText('Hi from Bob')).toBeTruthy();
  await hands.click(list().getByRole('button', { name: /Grace/ }));
  expect(conversation().getByText('Hi from Grace')).toBeTruthy();
  expect(document.activeElement?.getAttribute('aria-label')).toBe('Write a message');
});

test('a channel can be asked for', () => {
  show({ channelId: 'messaging:grace' });
  expect(conversation().getByText('Hi from Grace')).toBeTruthy();
});

test('the open conversation stays when another one becomes the latest', () => {
  const { client } = show();
  act(() => client.list.set({ ...client.list.get(), items: [...client.list.get().items].reverse() }));
  expect(conversation().getByText('Hi from Bob')).toBeTruthy();
});

test('on a phone there is one pane at a time, and a way back', async () => {
  narrowPage();
  const onChannelChange = vi.fn();
  const { hands, withBob } = show({ onChannelChange });
  expect(conversation().queryByText('Hi from Bob')).toBeNull();
  expect(withBob.watchers()).toBe(0);
  await hands.click(list().getByRole('button', { name: /Bob/ }));
  expect(conversation().getByText('Hi from Bob')).toBeTruthy();
  await hands.click(screen.getByRole('button', { name: 'Back to conversations' }));
  expect(conversation().queryByText('Hi from Bob')).toBeNull();
  expect(onChannelChange.mock.calls).toEqual([['messaging:bob'], [null]]);
});

test('with one pane at a time the focus goes along, and back to where one came from', async () => {
  narrowPage();
  const { hands } = show();
  list().getByRole('button', { name: /Grace/ }).focus();
  await hands.keyboard('{Enter}');
  expect(document.activeElement?.getAttribute('aria-label')).toBe('Back to conversations');
  await hands.keyboard('{Enter}');
  expect(document.activeElement?.textContent).toContain('Grace');
});

test('an id that cannot be one shows why, and on a phone the way back', async () => {
  const { hands } = show({ channelId: 'nonsense' });
  expect(conversation().getByRole('alert').textContent).toContain('This conversation could not be loaded');
  await hands.click(list().getByRole('button', { name: /Grace/ }));
  expect(conversation().getByText('Hi from Grace')).toBeTruthy();

  cleanup();
  narrowPage();
  const onPhone = show({ channelId: 'nonsense' });
  await onPhone.hands.click(screen.getByRole('button', { name: 'Back to conversations' }));
  expect(screen.queryByRole('alert')).toBeNull();
});

test('a refused token takes the whole place with its reason, until trying again succeeds', async () => {
  const { client } = world();
  const reason = new ParleyError('unauthenticated', 'unable to authenticate; the token expired at noon');
  client.connection.set({ name: 'failed', reason });
  client.list.set({ ...client.list.get(), status: 'failed', error: reason });
  render(<Messenger client={client} />);
  const refusal = within(screen.getByText('Not connected').parentElement ?? document.body);
  expect(refusal.getByText('You are signed out.')).toBeTruthy();
  expect(document.querySelector<HTMLElement>('.parley-messenger')?.dataset['refused']).toBe('true');
  await userEvent.click(refusal.getByRole('button', { name: 'Try again' }));
  await act(() => client.channels().refresh());
  expect(list().getByRole('button', { name: /Bob/ })).toBeTruthy();
  expect(document.querySelector<HTMLElement>('.parley-messenger')?.dataset['refused']).toBe('false');
});

test('a token that is refused later leaves what is loaded in place', () => {
  const { client } = show();
  const reason = new ParleyError('unauthenticated', 'unable to authenticate; the token expired at noon');
  act(() => client.connection.set({ name: 'failed', reason }));
  expect(conversation().getByText('Hi from Bob')).toBeTruthy();
  expect(screen.getByRole('status').textContent).toContain('Not connected.');
});

test('when somebody else is signed in now, what is loaded goes as well', async () => {
  const { client } = show();
  const reason = new ParleyError('wrong_user', 'unable to use the token of user "bob"; this client is that of "ada"');
  act(() => client.connection.set({ name: 'failed', reason }));
  expect(document.querySelector<HTMLElement>('.parley-messenger')?.dataset['refused']).toBe('true');
  await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
  expect(conversation().getByText('Hi from Bob')).toBeTruthy();
});

test('a conversation is begun by finding a person', async () => {
  const { client, hands } = show();
  await hands.click(screen.getByRole('button', { name: 'New conversation' }));
  await hands.type(screen.getByRole('searchbox', { name: 'Find people by name' }), 'gra');
  await hands.click(await screen.findByRole('button', { name: /Grace/ }));
  expect(client.created).toEqual([{ type: 'messaging', memberIds: ['ada', 'grace'] }]);
  expect(conversation().getByText('Hi from Grace')).toBeTruthy();
});

test('StrictMode leaves one watcher of each, and none when the messenger goes', async () => {
  const { client, withBob } = show();
  await vi.waitFor(() => expect([client.listWatchers(), withBob.watchers()]).toEqual([1, 1]));
  cleanup();
  await vi.waitFor(() => expect([client.listWatchers(), withBob.watchers()]).toEqual([0, 0]));
  expect(client.disconnects()).toBe(0);
});

test('words can be replaced, some or all', () => {
  show({ strings: { conversations: 'Nachrichten' } });
  expect(screen.getByRole('heading', { name: 'Nachrichten' })).toBeTruthy();
  expect(screen.getByRole('button', { name: 'New conversation' })).toBeTruthy();
});

test('class names and other attributes reach the root element', () => {
  show({ className: 'mine', id: 'chat', theme: 'dark' });
  const root = document.getElementById('chat');
  expect(root?.className).toBe('parley parley-messenger mine');
  expect(root?.dataset['theme']).toBe('dark');
});

test('on the server it renders a skeleton and opens nothing', () => {
  const { client, withBob } = world();
  const html = renderToString(
    <ParleyProvider client={client}>
      <Messenger channelId="messaging:bob" />
    </ParleyProvider>,
  );
  expect(html).toContain('Loading…');
  expect(withBob.watchers()).toBe(0);
  expect(renderToString(<Messenger url="http://127.0.0.1:1/graphql" token="none" />)).toContain('parley-messenger');
});
