import { cleanup, screen } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import { message, view } from '../../test/builders.ts';
import { bob, showChannel } from '../../test/show.tsx';
import { MessageList } from './message-list.tsx';

afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

test('after midnight one day is today, also by a clock that is slow', () => {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date(2026, 5, 17, 23, 58) });
  const at = (...parts: [number, number, number, number, number]) => new Date(...parts).toISOString();
  showChannel(<MessageList />, {
    messages: [
      view(message('m1', bob, 'late', { createdAt: at(2026, 5, 17, 23, 50) })),
      view(message('m2', bob, 'early', { createdAt: at(2026, 5, 18, 0, 1) })),
    ],
  });
  const days = screen.getAllByText(/^(Today|Yesterday)$/);
  expect(days.map(({ textContent }) => textContent)).toEqual(['Yesterday', 'Today']);
});
