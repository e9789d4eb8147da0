import { ParleyError } from '@parley/contracts';
import { act, cleanup, fireEvent, screen, within } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import { message, view } from '../../test/builders.ts';
import { ada, reach, showChannel } from '../../test/show.tsx';
import { hello, mine } from '../../test/timeline.ts';
import { useComposer } from '../hooks/use-composer.ts';
import { Composer } from './composer.tsx';
import { MessageList } from './message-list.tsx';
import { NewConversation } from './new-conversation.tsx';

afterEach(cleanup);

const other = view(message('other', ada, 'Another one', { seq: 3 }));
const both = (
  <>
    <MessageList />
    <Composer />
  </>
);
const editor = () => screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'Edit message' });
const field = () => screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'Write a message' });
const forbidden = new ParleyError('forbidden', 'unable to edit message; you may not');

type Hands = ReturnType<typeof showChannel>['hands'];
async function beginEdit(hands: Hands, text: string) {
  reach(text);
  const row = screen.getByText(text).closest('li');
  if (row === null) throw new Error(`no row shows ${text}`);
  await hands.click(within(row).getByRole('button', { name: 'Edit' }));
}

test('an edit that was begun is there again after a look elsewhere', async () => {
  const { hands, rerender } = showChannel(both, { messages: [mine] });
  await beginEdit(hands, 'Hello Bob');
  await hands.keyboard(', and more');
  rerender(<p>elsewhere</p>);
  rerender(both);
  expect(editor().value).toBe('Hello Bob, and more');
});

test('an edit that was begun is there again after the edit of another message, and after a new message', async () => {
  const { channel, hands } = showChannel(both, { messages: [mine, other] });
  await beginEdit(hands, 'Hello Bob');
  await hands.keyboard('!');
  await hands.type(field(), 'new{Enter}');
  expect(editor().value).toBe('Hello Bob!');
  await beginEdit(hands, 'Another one');
  await hands.keyboard('?{Enter}');
  expect(channel.calls).toContainEqual(['edit', 'other', 'Another one?']);
  await beginEdit(hands, 'Hello Bob');
  expect(editor().value).toBe('Hello Bob!');
  await hands.keyboard('{Escape}');
  await beginEdit(hands, 'Hello Bob');
  expect(editor().value).toBe('Hello Bob');
});

test('a refused edit shows its words, which can be saved again, changed or discarded', async () => {
  const { channel, hands } = showChannel(both, { messages: [mine] });
  channel.refuseWith(forbidden);
  await beginEdit(hands, 'Hello Bob');
  await hands.keyboard('!{Enter}');
  const words = await screen.findByText('Edit not saved');
  expect(words.parentElement?.textContent).toContain('Hello Bob!');
  await beginEdit(hands, 'Hello Bob');
  expect(editor().value).toBe('Hello Bob!');
  await hands.keyboard('{Escape}');

  channel.refuseWith(null);
  await hands.click(screen.getByRole('button', { name: 'Try again' }));
  expect(channel.calls.at(-1)).toEqual(['retry', 'mine']);
  expect(screen.getByText('Hello Bob!').closest('.parley-bubble')).toBeTruthy();
  expect(document.querySelector('.parley-message-fault')).toBeNull();

  channel.refuseWith(forbidden);
  await beginEdit(hands, 'Hello Bob!');
  await hands.keyboard('?{Enter}');
  await hands.click(await screen.findByRole('button', { name: 'Discard' }));
  expect(document.querySelector('.parley-message-fault')).toBeNull();
  expect(screen.getByText('Hello Bob!')).toBeTruthy();
});

test('what is one too many to wait for a connection is back where it was typed', async () => {
  const { channel, hands } = showChannel(both, { messages: [mine] });
  const full = new ParleyError('rate_limited', 'unable to send message; 200 wait in this channel already', {
    limit: 200,
  });
  vi.spyOn(channel, 'send').mockRejectedValue(full);
  vi.spyOn(channel, 'edit').mockRejectedValue(full);
  await hands.type(field(), 'one too many{Enter}');
  expect(field().value).toBe('one too many');
  await beginEdit(hands, 'Hello Bob');
  await hands.keyboard('!{Enter}');
  await beginEdit(hands, 'Hello Bob');
  expect(editor().value).toBe('Hello Bob!');
});

test('a refused deletion says so, and can be tried again', async () => {
  const { channel, hands } = showChannel(both, { messages: [mine] });
  channel.refuseWith(forbidden);
  reach('Hello Bob');
  await hands.click(screen.getByRole('button', { name: 'Delete' }));
  await hands.click(screen.getByRole('button', { name: 'Delete?' }));
  await screen.findByText('Not deleted');
  channel.refuseWith(null);
  await hands.click(screen.getByRole('button', { name: 'Try again' }));
  expect(await screen.findByText('Message deleted')).toBeTruthy();
});

test('what waits for a connection says so quietly', () => {
  const edited = { ...mine, editedAt: mine.createdAt };
  const deleted = { ...other, text: '', deletedAt: other.createdAt };
  showChannel(both, {
    messages: [
      { ...edited, pending: 'edit' },
      { ...deleted, pending: 'delete' },
    ],
  });
  expect(screen.getByText('saving…')).toBeTruthy();
  expect(screen.queryByText('edited')).toBeNull();
  expect(screen.getByText('Deleting…')).toBeTruthy();
  expect(document.querySelector('.parley-message-fault')).toBeNull();
});

function OwnComposer() {
  const { text, editingId, setText, edit, submit, cancel } = useComposer();
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <input aria-label={editingId ?? 'new'} value={text} onChange={(event) => setText(event.target.value)} />
      <button type="button" onClick={() => edit('mine')}>
        Change
      </button>
      <button type="button" onClick={cancel}>
        Never mind
      </button>
    </form>
  );
}

test('a composer of one’s own edits what it is told to, and keeps the new message meanwhile', async () => {
  const { channel, hands } = showChannel(<OwnComposer />, { messages: [mine] });
  await hands.type(screen.getByLabelText('new'), 'not yet');
  await hands.click(screen.getByText('Change'));
  await hands.type(screen.getByLabelText('mine'), '!{Enter}');
  expect(channel.calls.filter(([name]) => name === 'edit' || name === 'send')).toEqual([
    ['edit', 'mine', 'Hello Bob!'],
  ]);
  expect(screen.getByLabelText<HTMLInputElement>('new').value).toBe('not yet');
  await hands.click(screen.getByText('Change'));
  await hands.type(screen.getByLabelText('mine'), '?');
  await hands.click(screen.getByText('Never mind'));
  await hands.type(screen.getByLabelText('new'), '{Enter}');
  expect(channel.calls).toContainEqual(['send', 'not yet']);
});

function QuickReplies() {
  const { edit, setText, submit } = useComposer();
  return (
    <>
      <button
        type="button"
        onClick={() => {
          edit('mine');
          setText('Better');
          submit();
        }}
      >
        Correct
      </button>
      <button
        type="button"
        onClick={() => {
          setText('On my way');
          submit();
        }}
      >
        Answer
      </button>
    </>
  );
}

test('what one event does one after the other sees each other: an edit is an edit, and a draft stays', async () => {
  const { channel, hands } = showChannel(
    <>
      {both}
      <QuickReplies />
    </>,
    { messages: [mine] },
  );
  await hands.type(field(), 'half a draft');
  await hands.click(screen.getByText('Correct'));
  expect(channel.calls.filter(([name]) => name === 'edit' || name === 'send')).toEqual([['edit', 'mine', 'Better']]);
  expect(field().value).toBe('half a draft');
  await hands.click(screen.getByText('Answer'));
  expect(channel.calls).toContainEqual(['send', 'On my way']);
});

test('words of an edit whose message was deleted elsewhere are shown until they are discarded', async () => {
  const { channel, hands } = showChannel(both, { messages: [mine] });
  await beginEdit(hands, 'Hello Bob');
  await hands.keyboard(', and more');
  const deleted = { ...mine, text: '', deletedAt: mine.createdAt };
  act(() => channel.messages.set({ ...channel.messages.get(), items: [deleted] }));
  expect(screen.getByText('Message deleted')).toBeTruthy();
  expect(screen.getByText('Hello Bob, and more')).toBeTruthy();
  await hands.click(screen.getByRole('button', { name: 'Discard' }));
  expect(screen.queryByText('Hello Bob, and more')).toBeNull();
});

/** Escape as it gives up the composition of a character: as the standard has it, and as Safari says it. */
const composing = [{ isComposing: true }, { keyCode: 229 }];

test.each(composing)('Escape that ends the composition of a character %j leaves an edit alone', async (how) => {
  const { hands } = showChannel(both, { messages: [mine] });
  await beginEdit(hands, 'Hello Bob');
  await hands.keyboard('にほん');
  fireEvent.keyDown(editor(), { key: 'Escape', ...how });
  expect(editor().value).toBe('Hello Bobにほん');
});

test.each(composing)('Escape that ends the composition of a character %j leaves a reply alone', async (how) => {
  const { hands } = showChannel(both, { messages: [hello] });
  reach('Hello Ada');
  await hands.click(screen.getByRole('button', { name: 'Reply' }));
  fireEvent.keyDown(field(), { key: 'Escape', ...how });
  expect(screen.getByText('Replying to Bob')).toBeTruthy();
});

test.each(composing)('Escape that ends the composition of a character %j leaves a search alone', (how) => {
  const close = vi.fn();
  showChannel(<NewConversation onOpen={() => {}} onCancel={close} />);
  const search = screen.getByRole('searchbox');
  fireEvent.keyDown(search, { key: 'Escape', ...how });
  expect(close).not.toHaveBeenCalled();
  fireEvent.keyDown(search, { key: 'Escape' });
  expect(close).toHaveBeenCalledTimes(1);
});

test.each(composing)('Escape that ends the composition of a character %j leaves a choice open', async (how) => {
  const { hands } = showChannel(both, { messages: [mine] });
  reach('Hello Bob');
  await hands.click(screen.getByRole('button', { name: 'Delete' }));
  act(() => void fireEvent.keyDown(screen.getByRole('button', { name: 'Delete?' }), { key: 'Escape', ...how }));
  expect(screen.getByRole('button', { name: 'Delete?' })).toBeTruthy();
});
