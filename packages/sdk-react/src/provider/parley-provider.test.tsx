import type * as Sdk from '@parley/sdk-js';
import { cleanup, render } from '@testing-library/react';
import { StrictMode } from 'react';
import { afterEach, expect, test, vi } from 'vitest';
import { createFakeClient, type FakeClient } from '../../test/fake-client.ts';
import { ada } from '../../test/show.tsx';
import { useChannel } from '../hooks/use-channel.ts';
import { useClient } from '../hooks/use-client.ts';
import { ParleyProvider } from './parley-provider.tsx';

const made = vi.hoisted((): { clients: FakeClient[]; options: Sdk.ClientOptions[] } => ({ clients: [], options: [] }));
vi.mock('@parley/sdk-js', () => ({
  createClient(options: Sdk.ClientOptions) {
    const client = createFakeClient({ me: ada });
    made.clients.push(client);
    made.options.push(options);
    return client;
  },
}));

afterEach(() => {
  cleanup();
  made.clients.length = 0;
  made.options.length = 0;
  vi.useRealTimers();
  vi.restoreAllMocks();
});

function User({ onClient }: { readonly onClient: (client: Sdk.Client) => void }) {
  onClient(useClient());
  return null;
}
function InNoChannel() {
  return <p>{useChannel().status}</p>;
}

const url = 'http://127.0.0.1:4000/graphql';

test('a client that the provider made is disconnected with it, and not by StrictMode before', () => {
  vi.useFakeTimers();
  const used = new Set<Sdk.Client>();
  render(
    <StrictMode>
      <ParleyProvider url={url} token="one">
        <User onClient={(client) => used.add(client)} />
      </ParleyProvider>
    </StrictMode>,
  );
  const [client] = [...used].slice(-1);
  const mine = made.clients.find((each) => each === client);
  vi.runAllTimers();
  expect(mine?.disconnects()).toBe(0);
  cleanup();
  vi.runAllTimers();
  expect(mine?.disconnects()).toBe(1);
});

test('a token source may be another function in each render; the client stays and asks the latest', async () => {
  const seen = new Set<Sdk.Client>();
  const page = (token: string) => (
    <ParleyProvider url={url} userId="ada" getToken={() => token}>
      <User onClient={(client) => seen.add(client)} />
    </ParleyProvider>
  );
  const { rerender } = render(page('old'));
  rerender(page('new'));
  expect(seen.size).toBe(1);
  expect(await made.options[0]?.getToken?.()).toBe('new');
});

test('another token is another client', () => {
  const seen = new Set<Sdk.Client>();
  const page = (token: string) => (
    <ParleyProvider url={url} token={token}>
      <User onClient={(client) => seen.add(client)} />
    </ParleyProvider>
  );
  const { rerender } = render(page('one'));
  rerender(page('two'));
  expect(seen.size).toBe(2);
});

test('a hook outside its provider says what to do', () => {
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
  expect(() => render(<User onClient={() => undefined} />)).toThrow('wrap the component in <ParleyProvider>');
  const client = createFakeClient({ me: ada });
  expect(() =>
    render(
      <ParleyProvider client={client}>
        <InNoChannel />
      </ParleyProvider>,
    ),
  ).toThrow('wrap the component in <ChannelProvider id="…">');
});
