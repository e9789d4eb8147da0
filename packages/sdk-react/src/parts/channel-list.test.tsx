import { ParleyError } from '@parley/contracts';
import { act, cleanup, render, screen } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, expect, test, vi } from 'vitest';
import { channelData, member, message } from '../../test/builders.ts';
import { createFakeChannel } from '../../test/fake-channel.ts';
import { createFakeClient, summaryOf } from '../../test/fake-client.ts';
import { ada, bob, grace } from '../../test/show.tsx';
import { ParleyProvider } from '../provider/parley-provider.tsx';
import { ChannelList, type ChannelListProps } from './channel-list.tsx';

afterEach(cleanup);

const pair = channelData('messaging:pair');
const team = channelData('team:launch', { name: 'Launch week', memberCount: 3 });
const channelOf = (data: typeof pair, people = [ada, bob]) =>
  createFakeChannel({ data, members: people.map((each) => member(each)), me: ada });
const summaries = [
  summaryOf(channelOf(pair), pair, {
    members: [member(ada), member(bob)],
    lastMessage: message('one', bob, 'See you there'),
    unreadCount: 3,
  }),
  summaryOf(channelOf(team), team, {
    members: [member(ada), member(bob), member(grace)],
    lastMessage: message('two', grace, 'Done'),
    unreadCount: 120,
    unreadMentions: 1,
  }),
];

function show(props: ChannelListProps = {}, listed = summaries) {
  const client = createFakeClient({ me: ada, summaries: listed });
  render(
    <ParleyProvider client={client} locale="en-GB">
      <ChannelList {...props} />
    </ParleyProvider>,
  );
  return { client, hands: userEvent.setup() };
}
const items = () => screen.getAllByRole('button').map(({ textContent }) => textContent);

test('each conversation shows who, what was said last, and how much is new', () => {
  show();
  const [first, second] = items();
  expect(first).toContain('Bob');
  expect(first).toContain('See you there');
  expect(first).toContain('3 unread messages');
  expect(second).toContain('Launch week');
  expect(second).toContain('Grace: Done');
  expect(second).toContain('@99+');
  expect(second).toContain('you were mentioned');
});

test('the other person of a conversation of two is shown as online', () => {
  const { client } = show();
  act(() => client.setOnline('bob', true));
  expect(screen.getByRole('img', { name: 'Online' })).toBeTruthy();
});

test('choosing one tells which, and the chosen one is marked', async () => {
  const onSelect = vi.fn();
  const { hands } = show({ onSelect, selectedId: 'messaging:pair' });
  expect(screen.getByRole('button', { current: true }).textContent).toContain('Bob');
  await hands.click(screen.getByRole('button', { name: /Launch week/ }));
  expect(onSelect).toHaveBeenCalledWith('team:launch');
});

test('arrow keys move between conversations', async () => {
  const { hands } = show();
  await hands.tab();
  await hands.keyboard('{ArrowDown}');
  expect(document.activeElement?.textContent).toContain('Launch week');
  await hands.keyboard('{ArrowDown}{ArrowUp}');
  expect(document.activeElement?.textContent).toContain('Bob');
});

test('the list is one Tab stop: the chosen conversation, else the first', async () => {
  const { hands } = show({ selectedId: 'team:launch' });
  await hands.tab();
  expect(document.activeElement?.textContent).toContain('Launch week');
  await hands.tab();
  expect(document.activeElement).toBe(document.body);
});

test('the list follows what happens', () => {
  const { client } = show();
  act(() => client.list.set({ ...client.list.get(), items: [...summaries].reverse() }));
  expect(items()[0]).toContain('Launch week');
});

test('no conversation at all is said kindly', () => {
  show({ whenEmpty: <button type="button">Begin</button> }, []);
  expect(screen.getByText('No conversations yet')).toBeTruthy();
  expect(screen.getByRole('button', { name: 'Begin' })).toBeTruthy();
});

test('a list that could not be loaded says why, and can be tried again', async () => {
  const { client, hands } = show();
  const error = new ParleyError('timeout', 'unable to list channels; no answer within 15 s');
  act(() => client.list.set({ status: 'failed', items: [], hasMore: false, error }));
  expect(screen.getByRole('alert').textContent).toContain('The service did not answer.');
  await hands.click(screen.getByRole('button', { name: 'Try again' }));
  expect(await screen.findByText('Bob')).toBeTruthy();
});

test('a deleted last message is not shown again', () => {
  const lastMessage = message('one', bob, 'secret', { deletedAt: '2026-01-01T00:00:00.000Z' });
  show({}, [summaryOf(channelOf(pair), pair, { members: [member(ada), member(bob)], lastMessage })]);
  expect(items()[0]).toContain('Message deleted');
  expect(items()[0]).not.toContain('secret');
});
