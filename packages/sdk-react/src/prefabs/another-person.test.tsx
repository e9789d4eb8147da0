import type { User } from '@parley/contracts';
import type * as Sdk from '@parley/sdk-js';
import { act, cleanup, render, screen, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { type ReactNode, StrictMode, Suspense, use, useLayoutEffect } from 'react';
import { afterEach, expect, test, vi } from 'vitest';
import { channelData, member, message, view } from '../../test/builders.ts';
import { createFakeChannel } from '../../test/fake-channel.ts';
import { createFakeClient, summaryOf } from '../../test/fake-client.ts';
import { ada, bob, grace } from '../../test/show.tsx';
import { ParleyProvider } from '../provider/parley-provider.tsx';
import { Messenger } from './messenger.tsx';

type Side = ReturnType<typeof sideOf>;
const made = vi.hoisted((): { sides: Side[] } => ({ sides: [] }));
vi.mock('@parley/sdk-js', () => ({
  createClient({ userId, token }: Sdk.ClientOptions) {
    const side = sideOf(userId === 'bob' || token === 'bob' ? bob : ada);
    made.sides.push(side);
    return side.client;
  },
}));

afterEach(() => {
  cleanup();
  made.sides.length = 0;
  vi.useRealTimers();
});

/** Somebody's client, with a conversation of their own and one that all share. */
function sideOf(me: User) {
  const channelOf = (id: string, text: string) => {
    const data = channelData(id);
    const members = [member(me), member(grace)];
    const last = view(message(`${me.id} in ${id}`, grace, text, { seq: 1 }));
    const channel = createFakeChannel({ data, members, me, messages: [last] });
    return { channel, summary: summaryOf(channel, data, { members, lastMessage: last }) };
  };
  const shared = channelOf('messaging:shared', `Seen by ${me.id}`);
  const own = channelOf(`messaging:${me.id}`, `Secret of ${me.id}`);
  const client = createFakeClient({
    me,
    channels: [shared.channel, own.channel],
    summaries: [shared.summary, own.summary],
    users: [ada, bob, grace],
  });
  return { client, shared: shared.channel, own: own.channel };
}

const url = 'http://127.0.0.1:4000/graphql';
/** What all clients of a person were told to do: StrictMode makes two of each, and keeps one. */
const callsOf = (userId: string) =>
  made.sides.filter(({ client }) => client.userId === userId).flatMap(({ shared }) => shared.calls);
const box = () => screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'Write a message' });
const conversation = () => within(screen.getByRole('region', { name: 'Conversation' }));

const ways: Record<string, (userId: string) => ReactNode> = {
  'another userId of <Messenger>': (userId) => <Messenger url={url} userId={userId} getToken={() => userId} />,
  'another userId of the provider': (userId) => (
    <ParleyProvider url={url} userId={userId} getToken={() => userId}>
      <Messenger />
    </ParleyProvider>
  ),
  'another token': (userId) => <Messenger url={url} token={userId} />,
  'another client': (userId) => <Messenger client={givenTo(userId)} />,
};
function givenTo(userId: string): Sdk.Client {
  const known = made.sides.find(({ client }) => client.userId === userId);
  if (known !== undefined) return known.client;
  const side = sideOf(userId === 'bob' ? bob : ada);
  made.sides.push(side);
  return side.client;
}

function Framed({ frames, children }: { readonly frames: string[]; readonly children: ReactNode }) {
  useLayoutEffect(() => void frames.push(document.body.textContent));
  return children;
}
const Awaited = ({ data }: { readonly data: Promise<string> | string }) => (
  <p>{typeof data === 'string' ? data : use(data)}</p>
);

test.each(Object.keys(ways))('%s shows nothing of the person before, from the first frame on', async (way) => {
  const frames: string[] = [];
  const page = (userId: string) => (
    <Framed frames={frames}>
      <StrictMode>{ways[way]?.(userId)}</StrictMode>
    </Framed>
  );
  const hands = userEvent.setup();
  const { rerender } = render(page('ada'));
  expect(conversation().getByText('Seen by ada')).toBeTruthy();
  await hands.type(box(), 'My secret draft');
  await hands.click(screen.getByRole('button', { name: 'New conversation' }));
  await hands.type(screen.getByRole('searchbox'), 'gra');

  frames.length = 0;
  rerender(page('bob'));
  expect(frames[0]).not.toMatch(/ada/i);
  expect(conversation().getByText('Seen by bob')).toBeTruthy();
  expect([box().value, screen.queryByRole('searchbox')]).toEqual(['', null]);

  await hands.type(box(), 'From me{Enter}');
  expect(callsOf('bob')).toContainEqual(['send', 'From me']);
  expect(callsOf('ada')).not.toContainEqual(['send', 'From me']);

  rerender(page('ada'));
  expect(box().value).toBe('');
  expect(document.body.textContent).not.toContain('My secret draft');
});

test('the open conversation is that of the person before, too', async () => {
  const hands = userEvent.setup();
  const page = (userId: string) => <Messenger url={url} userId={userId} getToken={() => userId} />;
  const { rerender } = render(page('ada'));
  await hands.click(screen.getAllByRole('button', { name: /Secret of ada/ })[0] ?? document.body);
  expect(conversation().getByText('Secret of ada')).toBeTruthy();
  rerender(page('bob'));
  expect(conversation().getByText('Seen by bob')).toBeTruthy();
});

test('the client of the person before is closed, and nothing of it is watched', async () => {
  vi.useFakeTimers();
  const page = (userId: string) => (
    <StrictMode>
      <Messenger url={url} userId={userId} getToken={() => userId} />
    </StrictMode>
  );
  const { rerender } = render(page('ada'));
  vi.advanceTimersByTime(0);
  const before = made.sides.find(({ shared }) => shared.watchers() === 1);
  expect(before?.client.disconnects()).toBe(0);
  rerender(page('bob'));
  vi.advanceTimersByTime(0);
  expect([before?.client.disconnects(), before?.shared.watchers(), before?.client.listWatchers()]).toEqual([1, 0, 0]);
});

test('a page that waits for its data meanwhile never mixes two people', async () => {
  let arrive = (_name: string) => {};
  const bobsData = new Promise<string>((resolve) => {
    arrive = resolve;
  });
  const page = (userId: string) => (
    <Suspense fallback={<p>Waiting</p>}>
      <Messenger url={url} userId={userId} getToken={() => userId} />
      <Awaited data={userId === 'bob' ? bobsData : 'data of ada'} />
    </Suspense>
  );
  const { rerender } = render(page('ada'));
  expect(conversation().getByText('Seen by ada')).toBeTruthy();
  await act(async () => rerender(page('bob')));
  expect(screen.getByText('Waiting')).toBeTruthy();
  await act(async () => arrive('data of bob'));
  expect(await screen.findByText('data of bob')).toBeTruthy();
  expect(conversation().getByText('Seen by bob')).toBeTruthy();
  expect(document.body.textContent).not.toContain('ada');
});
