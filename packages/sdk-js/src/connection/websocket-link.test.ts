import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buildSchema } from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { expect, onTestFinished, test, vi } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { tokenOf } from '../../test/world.ts';
import { createClient } from '../create-client.ts';
import type { WebSocketConstructor } from './websocket.ts';

const schema = buildSchema(
  'type Query { hello(name: String): String me: String } type Subscription { count(after: Int): Int }',
);

async function startServer() {
  const http: Server = createServer();
  const sockets = new WebSocketServer({ server: http, path: '/graphql' });
  const inits: unknown[] = [];
  const { dispose } = useServer(
    {
      schema,
      roots: {
        query: { hello: ({ name }: { name: string }) => `hello ${name}`, me: () => null },
        subscription: {
          async *count({ after }: { after: number }) {
            for (let number = after + 1; ; number += 1) {
              yield { count: number };
              await new Promise((resolve) => setImmediate(resolve));
            }
          },
        },
      },
      onConnect({ connectionParams }) {
        inits.push(connectionParams);
      },
    },
    sockets,
  );
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    await dispose();
    await new Promise((resolve) => http.close(resolve));
  });
  // A server that listens on TCP has an address with a port.
  const { port } = http.address() as AddressInfo;
  const cut = (code: number) => {
    for (const socket of sockets.clients) socket.close(code, 'cut by the test');
  };
  return { url: `http://127.0.0.1:${port}/graphql`, inits, cut };
}

const implementations: [string, WebSocketConstructor | undefined][] = [
  ['the global WebSocket', undefined],
  ['the ws package', WebSocket],
];

test.each(implementations)(
  'speaks with a server of graphql-ws over %s, and resumes after a cut',
  async (_name, webSocket) => {
    const { url, inits, cut } = await startServer();
    const token = tokenOf({ sub: 'ada' });
    const client = createClient({ url, token, webSocket });
    onTestFinished(() => client.disconnect());
    await client.connect();
    expect(inits).toEqual([{ token }]);
    await expect(client.execute('query Hello($name: String) { hello(name: $name) }', { name: 'bob' })).resolves.toEqual(
      { hello: 'hello bob' },
    );
    await expect(client.execute('{ nonsense }')).rejects.toMatchObject({
      code: 'internal',
      message: expect.stringContaining('nonsense'),
    });

    const seen: number[] = [];
    const unsubscribe = client.subscribe<{ readonly count: number }>(
      'subscription Count($after: Int) { count(after: $after) }',
      () => ({ after: seen.at(-1) ?? 0 }),
      { next: ({ count }) => void seen.push(count) },
    );
    await vi.waitFor(() => expect(seen.length).toBeGreaterThan(20));
    cut(1012);
    const before = seen.length;
    await vi.waitFor(() => expect(seen.length).toBeGreaterThan(before + 20), { timeout: 5_000 });
    unsubscribe();
    expect(seen).toEqual(seen.map((_, index) => index + 1));
    expect(inits).toHaveLength(2);
  },
);

test('a server that refuses the token for good is not asked without end', async () => {
  const { url, cut } = await startServer();
  const client = createClient({ url, token: tokenOf({ sub: 'ada' }), webSocket: WebSocket });
  onTestFinished(() => client.disconnect());
  await client.connect();
  cut(4403);
  await vi.waitFor(() =>
    expect(client.connection.get()).toMatchObject({ name: 'failed', reason: { code: 'unauthenticated' } }),
  );
});
