import { ParleyError } from '@parley/contracts';
import { act, cleanup, render, screen } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, expect, test } from 'vitest';
import { createFakeClient } from '../../test/fake-client.ts';
import { ada } from '../../test/show.tsx';
import { ParleyProvider } from '../provider/parley-provider.tsx';
import { ConnectionBanner } from './connection-banner.tsx';

afterEach(cleanup);

function show() {
  const client = createFakeClient({ me: ada });
  render(
    <ParleyProvider client={client}>
      <ConnectionBanner />
    </ParleyProvider>,
  );
  return client;
}

test('while all is well there is nothing to see', () => {
  show();
  expect(screen.queryByRole('status')).toBeNull();
});

test('the first connection is no reason to worry anybody, a lost one is told until it is back', () => {
  const client = show();
  act(() => client.connection.set({ name: 'waiting', attempt: 1, delayMs: 500 }));
  expect(screen.getByRole('status').textContent).toContain('Reconnecting…');
  act(() => client.connection.set({ name: 'connecting', attempt: 1 }));
  expect(screen.getByRole('status').textContent).toContain('Reconnecting…');
  act(() => client.connection.set({ name: 'connected', sessionId: 'again' }));
  expect(screen.queryByRole('status')).toBeNull();
});

test('before the first connection nothing is promised about what is written', () => {
  const client = createFakeClient({ me: ada });
  client.connection.set({ name: 'waiting', attempt: 1, delayMs: 500 });
  render(
    <ParleyProvider client={client}>
      <ConnectionBanner />
    </ParleyProvider>,
  );
  expect(screen.getByRole('status').textContent).toBe('Still connecting…');
});

test('a connection that is given up says why, and can be tried again', async () => {
  const client = show();
  const reason = new ParleyError('unauthenticated', 'unable to authenticate; the token expired at noon');
  act(() => client.connection.set({ name: 'failed', reason }));
  expect(screen.getByRole('status').textContent).toContain('You are signed out.');
  await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
  expect(client.connects()).toBe(1);
});
