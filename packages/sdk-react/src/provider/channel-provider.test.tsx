import { cleanup, render, screen } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import { createFakeClient } from '../../test/fake-client.ts';
import { ada } from '../../test/show.tsx';
import { ChannelProvider } from './channel-provider.tsx';
import { ParleyProvider } from './parley-provider.tsx';

afterEach(cleanup);

test('a wrong channel id leaves the page as it is, also where the client comes from another copy of the contracts', async () => {
  vi.resetModules();
  const other = await import('@parley/contracts');
  const client = {
    ...createFakeClient({ me: ada }),
    channel(id: string) {
      throw other.invalidInput('channelId', `"${id}" is none; a channel id is "type:key"`);
    },
  };
  render(
    <ParleyProvider client={client}>
      <p>The page</p>
      <ChannelProvider id="general">The channel</ChannelProvider>
    </ParleyProvider>,
  );
  expect(screen.getByText('The page')).toBeDefined();
  expect(screen.getByText(/"general" is none; a channel id is "type:key"/)).toBeDefined();
  expect(screen.queryByText('The channel')).toBeNull();
});
