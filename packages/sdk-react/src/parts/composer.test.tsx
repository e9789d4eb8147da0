import { limits } from '@parley/contracts';
import { act, cleanup, fireEvent, screen } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { message, view } from '../../test/builders.ts';
import { ada, bob, reach, showChannel } from '../../test/show.tsx';
import { Composer } from './composer.tsx';
import { MessageList } from './message-list.tsx';

afterEach(cleanup);

const field = () => screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'Write a message' });
const both = (
  <>
    <MessageList />
    <Composer />
  </>
);

test('Enter sends what was written and empties the field', async () => {
  const { channel, hands } = showChannel(both);
  await hands.type(field(), '  hello there  {Enter}');
  expect(channel.calls).toContainEqual(['send', 'hello there']);
  expect(field().value).toBe('');
  expect(screen.getByText('hello there')).toBeTruthy();
});

test('Shift+Enter breaks the line', async () => {
  const { channel, hands } = showChannel(both);
  await hands.type(field(), 'one{Shift>}{Enter}{/Shift}two');
  expect(field().value).toBe('one\ntwo');
  expect(channel.calls.map(([name]) => name)).not.toContain('send');
});

test('Enter that ends the composition of a character does not send', () => {
  const { channel } = showChannel(both);
  fireEvent.change(field(), { target: { value: 'にほん' } });
  fireEvent.keyDown(field(), { key: 'Enter', isComposing: true });
  fireEvent.keyDown(field(), { key: 'Enter', keyCode: 229 });
  expect(channel.calls.map(([name]) => name)).not.toContain('send');
});

test('blank text cannot be sent', async () => {
  const { channel, hands } = showChannel(both);
  await hands.type(field(), '   {Enter}');
  fireEvent.change(field(), { target: { value: '\u200B\u2060' } });
  await hands.type(field(), '{Enter}');
  expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Send' }).disabled).toBe(true);
  expect(channel.calls.map(([name]) => name)).not.toContain('send');
});

test('near the limit the characters left are counted, and past it nothing is sent', async () => {
  const { channel, hands } = showChannel(both);
  fireEvent.change(field(), { target: { value: 'x'.repeat(limits.messageText - 10) } });
  expect(screen.getByText('10 characters left')).toBeTruthy();
  fireEvent.change(field(), { target: { value: 'x'.repeat(limits.messageText + 3) } });
  expect(screen.getByText('3 characters too long')).toBeTruthy();
  await hands.type(field(), '{Enter}');
  expect(channel.calls.map(([name]) => name)).not.toContain('send');
});

test('writing says that one is typing, clearing the field that one no longer is', async () => {
  const { channel, hands } = showChannel(both);
  await hands.type(field(), 'a');
  expect(channel.calls.at(-1)).toEqual(['keystroke']);
  await hands.type(field(), '{Backspace}');
  expect(channel.calls.at(-1)).toEqual(['stopTyping']);
});

test('a draft stays with its channel while the composer is away', async () => {
  const { rerender, hands } = showChannel(both);
  await hands.type(field(), 'not yet');
  rerender(<p>elsewhere</p>);
  rerender(both);
  expect(field().value).toBe('not yet');
});

test('a reply quotes the message; Escape gives up the reply and keeps the text', async () => {
  const messages = [view(message('one', bob, 'What do you think?', { seq: 1 }))];
  const { channel, hands } = showChannel(both, { messages });
  reach('What do you think?');
  await hands.click(screen.getByRole('button', { name: 'Reply' }));
  expect(document.activeElement).toBe(field());
  await hands.keyboard('Fine');
  await hands.keyboard('{Escape}');
  expect(screen.queryByText('Replying to Bob')).toBeNull();
  expect(field().value).toBe('Fine');

  await hands.click(screen.getByRole('button', { name: 'Reply' }));
  await hands.keyboard('{Enter}');
  expect(channel.calls).toContainEqual(['send', { text: 'Fine', quotedId: 'one' }]);
  expect(screen.queryByText('Replying to Bob')).toBeNull();
});

test('a reply to a message shows its newest words, and is given up when that is deleted', async () => {
  const one = message('one', bob, 'What do you think?', { seq: 1 });
  const { channel, hands } = showChannel(both, { messages: [view(one)] });
  reach('What do you think?');
  await hands.click(screen.getByRole('button', { name: 'Reply' }));
  await hands.keyboard('Fine');
  const place = { channelId: one.channelId, at: one.createdAt, actor: null };
  act(() => channel.publish({ __typename: 'MessageUpdated', ...place, seq: 2, message: { ...one, text: 'Edited' } }));
  expect(screen.getByText('Edited')).toBeTruthy();
  const gone = { ...one, text: '', deletedAt: one.createdAt };
  act(() => channel.publish({ __typename: 'MessageDeleted', ...place, seq: 3, hard: false, message: gone }));
  expect(screen.queryByText('Replying to Bob')).toBeNull();
  expect(screen.queryByText('Edited')).toBeNull();
  expect(field().value).toBe('Fine');
});

test('arrow up in the empty field edits the last own message', async () => {
  const messages = [view(message('one', ada, 'helo', { seq: 1 })), view(message('two', bob, 'hi', { seq: 2 }))];
  const { channel, hands } = showChannel(both, { messages });
  await hands.type(field(), '{ArrowUp}');
  const editor = screen.getByRole('textbox', { name: 'Edit message' });
  await hands.clear(editor);
  await hands.type(editor, 'hello{Enter}');
  expect(channel.calls).toContainEqual(['edit', 'one', 'hello']);
});

test('after editing from the composer one goes on writing there', async () => {
  const { channel, hands } = showChannel(both, { messages: [view(message('mine', ada, 'Helo', { seq: 1 }))] });
  await hands.type(field(), '{ArrowUp}');
  await hands.keyboard('!{Enter}');
  expect(channel.calls).toContainEqual(['edit', 'mine', 'Helo!']);
  expect(document.activeElement).toBe(field());

  reach('Helo!');
  await hands.click(screen.getByRole('button', { name: 'Edit' }));
  await hands.keyboard('{Escape}');
  expect(document.activeElement?.getAttribute('data-message-id')).toBe('mine');
});

test('who may not write is told so instead', () => {
  showChannel(<Composer />, { capabilities: ['read-channel'] });
  expect(screen.queryByRole('textbox')).toBeNull();
  expect(screen.getByText('You cannot write in this conversation.')).toBeTruthy();
});

test('what is written while the channel still loads is sent, one after the other', async () => {
  const { channel, hands } = showChannel(both, { loads: false });
  await hands.type(field(), 'one{Enter}two{Enter}');
  expect(channel.calls.filter(([name]) => name === 'send')).toEqual([
    ['send', 'one'],
    ['send', 'two'],
  ]);
  expect(field().value).toBe('');
});

test('while the connection is lost one can go on writing', async () => {
  const { channel, hands } = showChannel(both);
  act(() => channel.state.set({ ...channel.state.get(), status: 'resuming' }));
  await hands.type(field(), 'later{Enter}');
  expect(channel.calls).toContainEqual(['send', 'later']);
});
