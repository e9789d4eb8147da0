import { ParleyError } from '@parley/contracts';
import { act, cleanup, screen } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { message, view } from '../../test/builders.ts';
import { bob, reach, showChannel } from '../../test/show.tsx';
import { Composer } from './composer.tsx';
import { MessageList } from './message-list.tsx';

afterEach(cleanup);

const both = (
  <>
    <MessageList />
    <Composer />
  </>
);
const removed = new ParleyError('forbidden', 'unable to watch messaging:general; read-channel is missing');
const gone = new ParleyError('not_found', 'unable to follow channel messaging:general; it was deleted');

test.each([
  ['removed', removed, 'You are no longer part of this conversation.'],
  ['there when the channel is deleted', gone, 'This conversation was deleted.'],
])('who is %s while reading keeps the messages, and is told why in place of the composer', (_name, error, words) => {
  const { channel } = showChannel(both, { messages: [view(message('m1', bob, 'the last words'))] });
  expect(screen.getByRole('textbox')).toBeTruthy();
  act(() => channel.state.set({ ...channel.state.get(), status: 'closed', error }));
  expect(screen.queryByRole('textbox')).toBe(null);
  expect(screen.getByRole('status').textContent).toBe(words);
  expect(screen.getByText('the last words')).toBeTruthy();
});

test('where there is nothing to read, it is said once', () => {
  const { channel } = showChannel(both);
  act(() => channel.state.set({ ...channel.state.get(), status: 'closed', error: gone }));
  expect(screen.getAllByText('This conversation was deleted.')).toHaveLength(1);
});

test('whoever is removed is offered nothing that can only fail, and keeps what was typed', async () => {
  const { channel, hands } = showChannel(both, { messages: [view(message('m1', bob, 'the last words'))] });
  await hands.type(screen.getByRole('textbox'), 'half a draft');
  act(() => channel.state.set({ ...channel.state.get(), status: 'closed', error: removed }));
  reach('the last words');
  for (const name of ['React', 'Reply']) expect(screen.queryByRole('button', { name })).toBeNull();
  expect(screen.getByText('half a draft')).toBeTruthy();
});
