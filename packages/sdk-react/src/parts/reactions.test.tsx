import { cleanup, screen } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { message, view } from '../../test/builders.ts';
import { bob, showChannel } from '../../test/show.tsx';
import { MessageList } from './message-list.tsx';

afterEach(cleanup);

/** What every object knows without having been told: `__proto__`, `constructor`, `toString`, … */
const words = Object.getOwnPropertyNames(Object.prototype);
const group = (type: string) => ({ type, count: 1, sumScores: 1, firstAt: '', lastAt: '' });

test('a reaction of a type that JavaScript knows is a pill with that text', () => {
  const reactionGroups = ['👍', ...words].map(group);
  showChannel(<MessageList reactions={words} />, {
    messages: [view(message('one', bob, 'Hello', { reactionGroups }))],
  });
  for (const word of words) {
    const pill = screen.getByRole('button', { name: `${word}, 1` });
    expect(pill.textContent).toBe(`${word}1`);
  }
  expect(screen.getByRole('button', { name: '👍, 1' }).querySelector('svg')).not.toBeNull();
});
