import { capabilities } from '@parley/contracts';
import { cleanup, screen, within } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { message, view } from '../../test/builders.ts';
import { ada, reach, showChannel } from '../../test/show.tsx';
import { useMessageActions } from '../hooks/use-message-actions.ts';
import { english } from '../strings.ts';
import { MessageList } from './message-list.tsx';

afterEach(cleanup);

const own = view(message('one', ada, 'Hello'));

/** The names of the actions that the hook knows: `mayReply` is of `reply`. */
function ActionNames() {
  const names = Object.keys(useMessageActions(own, true)).filter((key) => key.startsWith('may'));
  return <output>{names.map((name) => name.slice('may'.length).toLowerCase()).join(' ')}</output>;
}

test('whoever may do everything is offered each action', () => {
  const content = (
    <>
      <ActionNames />
      <MessageList />
    </>
  );
  showChannel(content, { messages: [own], capabilities });
  reach('Hello');
  const names = screen.getByRole('status').textContent?.split(' ') ?? [];
  expect(names).toContain('reply');
  const toolbar = within(screen.getByRole('toolbar'));
  for (const name of names) {
    const label = Object.entries(english).find(([key]) => key === name)?.[1];
    expect(label, `a string for the action ${name}`).toBeTypeOf('string');
    toolbar.getByRole('button', { name: String(label) });
  }
});
