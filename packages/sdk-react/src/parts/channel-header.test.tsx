import { act, cleanup, screen } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import { channelData, member } from '../../test/builders.ts';
import { ada, bob, grace, showChannel } from '../../test/show.tsx';
import { ChannelHeader } from './channel-header.tsx';

afterEach(cleanup);

test('a conversation of two bears the name of the other, and says whether they are there', () => {
  const { client } = showChannel(<ChannelHeader />);
  expect(screen.getByRole('heading', { name: 'Bob' })).toBeTruthy();
  act(() => client.setOnline('bob', true));
  expect(screen.getByText('Online')).toBeTruthy();
  act(() => client.setOnline('bob', false, new Date(Date.now() - 5 * 60_000).toISOString()));
  expect(screen.getByText('Last seen 5 minutes ago')).toBeTruthy();
});

test('a channel with a name of its own is no pair, though there are two in it', () => {
  showChannel(<ChannelHeader />, { data: channelData('team:launch', { name: 'Launch week' }) });
  expect(screen.getByRole('heading', { name: 'Launch week' })).toBeTruthy();
  expect(screen.getByText('2 members')).toBeTruthy();
  expect(screen.queryByText('Offline')).toBeNull();
});

test('typing takes the place of presence', () => {
  const { channel } = showChannel(<ChannelHeader />);
  act(() => channel.typing.set([bob]));
  expect(screen.getByText('Bob is typing…')).toBeTruthy();
});

test('a group shows how many there are, and how many others are there now', () => {
  const members = [ada, bob, grace].map((each) => member(each));
  const { client } = showChannel(<ChannelHeader />, {
    data: channelData('messaging:general', { memberCount: 3 }),
    members,
  });
  expect(screen.getByRole('heading', { name: 'Bob, Grace' })).toBeTruthy();
  expect(screen.getByText('3 members')).toBeTruthy();
  act(() => {
    client.setOnline('bob', true);
    client.setOnline('ada', true);
  });
  expect(screen.getByText('3 members · 1 online')).toBeTruthy();
  expect(screen.getAllByRole('img', { name: /line$/ }).map((dot) => dot.getAttribute('aria-label'))).toEqual([
    'Online',
    'Offline',
  ]);
});

test('the way back is there when there is one', async () => {
  const onBack = vi.fn();
  const { hands } = showChannel(<ChannelHeader onBack={onBack} />);
  await hands.click(screen.getByRole('button', { name: 'Back to conversations' }));
  expect(onBack).toHaveBeenCalledOnce();
});

test('a channel that has not loaded is called what the list calls it', () => {
  const known = { data: channelData('messaging:general', { name: 'Lunch', memberCount: 2 }), members: [] };
  const { channel } = showChannel(<ChannelHeader known={known} />, { loads: false });
  expect(screen.getByRole('heading', { name: 'Lunch' })).toBeTruthy();
  const data = channelData('messaging:general', { name: 'Dinner' });
  act(() => channel.state.set({ ...channel.state.get(), status: 'live', data }));
  expect(screen.getByRole('heading', { name: 'Dinner' })).toBeTruthy();
});
