import { act, cleanup, screen } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { message, view } from '../../test/builders.ts';
import { bob, reach, showChannel } from '../../test/show.tsx';
import { MessageList } from '../parts/message-list.tsx';

afterEach(cleanup);

/** The texts of the messages at which Tab stops. */
const stops = () =>
  [...document.querySelectorAll<HTMLElement>('li.parley-message')]
    .filter(({ tabIndex }) => tabIndex === 0)
    .map((row) => row.querySelector('.parley-text')?.textContent);

test('Tab stops at the newest message, then at the one where the keyboard was, and never at two', async () => {
  const { channel, hands } = showChannel(<MessageList />, {
    messages: ['One', 'Two', 'Three'].map((text, at) => view(message(text, bob, text, { seq: at + 1 }))),
  });
  expect(stops()).toEqual(['Three']);
  act(() => void channel.receive(bob, 'Four', { seq: 4 }));
  expect(stops()).toEqual(['Four']);
  reach('Four');
  await hands.keyboard('{ArrowUp}{ArrowUp}');
  expect(document.activeElement).toBe(screen.getByText('Two').closest('li'));
  expect(stops()).toEqual(['Two']);
  act(() => void channel.receive(bob, 'Five', { seq: 5 }));
  expect(stops()).toEqual(['Two']);
  await hands.keyboard('{Home}{End}');
  expect(stops()).toEqual(['Five']);
  act(() => channel.messages.set({ ...channel.messages.get(), items: channel.messages.get().items.slice(0, 2) }));
  expect(stops()).toEqual(['Two']);
});
