import { act, cleanup, render } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import { channelData, member, message, user, view } from '../../test/builders.ts';
import { createFakeChannel } from '../../test/fake-channel.ts';
import { createFakeClient } from '../../test/fake-client.ts';
import { ada, bob, grace } from '../../test/show.tsx';
import { ChannelProvider } from '../provider/channel-provider.tsx';
import { ParleyProvider } from '../provider/parley-provider.tsx';
import { english } from '../strings.ts';
import { MessageList } from './message-list.tsx';

afterEach(cleanup);

const joe = user('joe');

/** A list of 80 messages by turns, and how many of its rows have rendered since the last look: each says once whose it is. */

function showLong() {
  const data = channelData('messaging:general', { memberCount: 3, seq: 80 });
  const messages = Array.from({ length: 80 }, (_, at) =>
    view(message(`m${at}`, at % 2 === 0 ? bob : grace, `Line ${at}`, { seq: at + 1 })),
  );
  const members = [member(ada), member(bob), member(grace)];
  const reads = new Map([
    ['bob', 40],
    ['grace', 80],
  ]);
  const channel = createFakeChannel({ data, members, me: ada, messages, reads });
  const client = createFakeClient({ me: ada, channels: [channel] });
  const messageBy = vi.fn(english.messageBy);
  render(
    <ParleyProvider client={client} locale="en-GB" strings={{ messageBy }}>
      <ChannelProvider id={data.id}>
        <MessageList />
      </ChannelProvider>
    </ParleyProvider>,
  );
  const rowsRendered = async (work: () => unknown): Promise<number> => {
    messageBy.mockClear();
    await act(async () => void (await work()));
    return messageBy.mock.calls.length;
  };
  return { channel, rowsRendered, first: messageBy.mock.calls.length };
}

test('one message renders one row', async () => {
  const { channel, rowsRendered, first } = showLong();
  expect(first).toBeGreaterThanOrEqual(80);
  expect(await rowsRendered(() => channel.receive(joe, 'One more'))).toBe(1);
  // The one before no longer ends the group.
  expect(await rowsRendered(() => channel.receive(joe, 'And one'))).toBe(2);
});

test('who types, comes or joins renders no row; a reaction and a read position render theirs', async () => {
  const { channel, rowsRendered } = showLong();
  expect(await rowsRendered(() => channel.typing.set([bob]))).toBe(0);
  expect(await rowsRendered(() => channel.members.set([...channel.members.get(), member(joe)]))).toBe(0);
  expect(await rowsRendered(() => channel.state.set({ ...channel.state.get(), error: null }))).toBe(0);
  expect(await rowsRendered(() => channel.react('m7', 'like'))).toBe(1);
  expect(
    await rowsRendered(() =>
      channel.reads.set(
        new Map([
          ['bob', 60],
          ['grace', 80],
        ]),
      ),
    ),
  ).toBe(2);
});
