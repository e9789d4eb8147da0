import { capabilities, ParleyError } from '@parley/contracts';
import { cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { view } from '../../test/builders.ts';
import { reach, showChannel } from '../../test/show.tsx';
import { hello, log, mine } from '../../test/timeline.ts';
import { useMessageActions } from '../hooks/use-message-actions.ts';
import { english } from '../strings.ts';
import { MessageList } from './message-list.tsx';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'], shouldAdvanceTime: true }));
afterEach(() => {
  cleanup();
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** The names of the actions that the hook knows: `mayReply` is of `reply`. */
function ActionNames() {
  const names = Object.keys(useMessageActions(mine, true)).filter((key) => key.startsWith('may'));
  return <output>{names.map((name) => name.slice('may'.length).toLowerCase()).join(' ')}</output>;
}

test('whoever may do everything is offered each action', () => {
  const content = (
    <>
      <ActionNames />
      <MessageList />
    </>
  );
  showChannel(content, { messages: [mine], capabilities });
  reach('Hello Bob');
  const names = screen.getByRole('status').textContent?.split(' ') ?? [];
  expect(names).toContain('reply');
  const toolbar = within(screen.getByRole('toolbar'));
  for (const name of names) {
    const label = Object.entries(english).find(([key]) => key === name)?.[1];
    expect(label, `a string for the action ${name}`).toBeTypeOf('string');
    toolbar.getByRole('button', { name: String(label) });
  }
});

test('a reaction can be given and taken back', async () => {
  const { channel, hands } = showChannel(<MessageList />, { messages: [hello] });
  reach('Hello Ada');
  await hands.click(screen.getByRole('button', { name: 'React' }));
  await hands.click(screen.getByRole('button', { name: 'React with 👍' }));
  expect(channel.calls).toContainEqual(['react', 'hello', '👍']);
  const pill = await screen.findByRole('button', { name: '👍, 1, including yours' });
  expect(pill.getAttribute('aria-pressed')).toBe('true');
  await hands.click(pill);
  await waitFor(() => expect(screen.queryByRole('button', { name: /👍/ })).toBeNull());
});

test('all of it goes by keyboard: to the message, to its actions, and back', async () => {
  const { channel, hands } = showChannel(<MessageList />, { messages: [hello, mine] });
  await hands.tab();
  expect(document.activeElement).toBe(log());
  await hands.tab();
  expect(document.activeElement?.textContent).toContain('Hello Bob');
  await hands.keyboard('{ArrowUp}');
  const row = document.activeElement;
  expect(row?.textContent).toContain('Hello Ada');
  await hands.tab();
  await hands.keyboard('{Enter}');
  expect(document.activeElement?.getAttribute('aria-label')).toBe('React with 👍');
  await hands.keyboard('{Enter}');
  expect(channel.calls).toContainEqual(['react', 'hello', '👍']);
  expect(document.activeElement).toBe(row);
});

test('the arrow keys move between the actions, round and round', async () => {
  const { hands } = showChannel(<MessageList />, { messages: [mine] });
  reach('Hello Bob');
  await hands.tab();
  await hands.keyboard('{ArrowRight}');
  expect(document.activeElement?.getAttribute('aria-label')).toBe('Reply');
  await hands.keyboard('{ArrowLeft}{ArrowLeft}');
  expect(document.activeElement?.getAttribute('aria-label')).toBe('Delete');
});

test('only own messages are offered for editing and deleting', () => {
  showChannel(<MessageList />, { messages: [hello, mine] });
  reach('Hello Ada');
  expect(screen.queryByRole('button', { name: 'Edit' })).toBeNull();
  reach('Hello Bob');
  expect(screen.getByRole('button', { name: 'Edit' })).toBeTruthy();
});

test('a message is edited in place, and says so; Escape leaves it as it was', async () => {
  const { channel, hands } = showChannel(<MessageList />, { messages: [mine] });
  reach('Hello Bob');
  await hands.click(screen.getByRole('button', { name: 'Edit' }));
  await hands.keyboard('!{Escape}');
  expect(channel.calls.map(([name]) => name)).not.toContain('edit');
  expect(screen.getByText('Hello Bob')).toBeTruthy();

  await hands.click(screen.getByRole('button', { name: 'Edit' }));
  await hands.keyboard('!{Enter}');
  expect(await screen.findByText('Hello Bob!')).toBeTruthy();
  expect(screen.getByText('edited')).toBeTruthy();
});

test('a tap brings up what can be done, for there is no hovering on a phone', () => {
  showChannel(<MessageList />, { messages: [hello, mine] });
  const touch = { pointerType: 'touch' };
  fireEvent.pointerEnter(screen.getByText('Hello Ada'), touch);
  expect(screen.queryByRole('toolbar')).toBeNull();
  fireEvent.pointerUp(screen.getByText('Hello Ada'), touch);
  expect(screen.getByRole('button', { name: 'Reply' })).toBeTruthy();
  fireEvent.pointerUp(screen.getByText('Hello Bob'), touch);
  expect(screen.getAllByRole('toolbar')).toHaveLength(1);
  expect(screen.getByRole('button', { name: 'Edit' })).toBeTruthy();
});

test('the text of a message can be copied, and that it was is said', async () => {
  const { hands } = showChannel(<MessageList />, { messages: [hello] });
  reach('Hello Ada');
  await hands.click(screen.getByRole('button', { name: 'Copy text' }));
  expect(await navigator.clipboard.readText()).toBe('Hello Ada');
  expect(await screen.findByRole('button', { name: 'Copied' })).toBeTruthy();
});

test('deleting asks once, and leaves a trace', async () => {
  const { channel, hands } = showChannel(<MessageList />, { messages: [mine] });
  reach('Hello Bob');
  await hands.click(screen.getByRole('button', { name: 'Delete' }));
  expect(channel.calls.map(([name]) => name)).not.toContain('delete');
  await hands.click(screen.getByRole('button', { name: 'Delete?' }));
  expect(await screen.findByText('Message deleted')).toBeTruthy();
  expect(screen.queryByText('Hello Bob')).toBeNull();
});

test('an action that is refused says why', async () => {
  const { channel, hands } = showChannel(<MessageList />, { messages: [hello] });
  channel.refuseWith(new ParleyError('feature_disabled', 'unable to react; reactions are off in this channel'));
  reach('Hello Ada');
  await hands.click(screen.getByRole('button', { name: 'React' }));
  await hands.click(screen.getByRole('button', { name: 'React with 👍' }));
  expect((await screen.findByRole('alert')).textContent).toContain('This is switched off here.');
});

test('a message that was not sent can be sent again or discarded', async () => {
  const failed = view(mine, {
    status: 'failed',
    error: new ParleyError('disconnected', 'unable to send message; no connection'),
  });
  const { channel, hands } = showChannel(<MessageList />, { messages: [failed] });
  expect(screen.getByText('Not sent')).toBeTruthy();
  await hands.click(screen.getByRole('button', { name: 'Try again' }));
  await waitFor(() => expect(screen.queryByText('Not sent')).toBeNull());
  expect(channel.calls).toContainEqual(['retry', 'mine']);
});
