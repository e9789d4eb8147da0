import { act, render, screen } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import type { ReactNode } from 'react';
import { ChannelProvider } from '../src/provider/channel-provider.tsx';
import { ParleyProvider } from '../src/provider/parley-provider.tsx';
import { channelData, member, user } from './builders.ts';
import { createFakeChannel, type FakeChannelOptions } from './fake-channel.ts';
import { createFakeClient } from './fake-client.ts';

export const ada = user('ada');
export const bob = user('bob');
export const grace = user('grace');

/** Ada looks at a channel that she shares with Bob. */
export function showChannel(content: ReactNode, options: Partial<FakeChannelOptions> = {}) {
  const data = options.data ?? channelData('messaging:general');
  const channel = createFakeChannel({ data, members: [member(ada), member(bob)], me: ada, ...options });
  const client = createFakeClient({ me: ada, channels: [channel] });
  const wrapped = (inner: ReactNode) => (
    <ParleyProvider client={client} locale="en-GB">
      <ChannelProvider id={data.id}>{inner}</ChannelProvider>
    </ParleyProvider>
  );
  const { rerender, ...rest } = render(wrapped(content));
  return {
    channel,
    client,
    hands: userEvent.setup(),
    ...rest,
    rerender: (inner: ReactNode) => rerender(wrapped(inner)),
  };
}

/** Goes to the message with this text, as the arrow keys do. */
export function reach(text: string): void {
  act(() => screen.getByText(text).closest('li')?.focus());
}
