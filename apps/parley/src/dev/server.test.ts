import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, expect, test } from 'vitest';
import { type DevRoutes, type DevServer, listenOn } from './server.ts';
import { createTokenRoute } from './token-route.ts';

const servers: DevServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

const routes: DevRoutes = {
  graphql: (_request, response) => void response.end('graphql'),
  eventStream: (_request, response) => void response.end('stream'),
  upgrade: (_request, socket) => void socket.end('HTTP/1.1 101 Switching Protocols\r\nConnection: close\r\n\r\n'),
  health: (request, response) => {
    if (request.url !== '/healthz') return false;
    response.end('healthy');
    return true;
  },
  doctor: (_request, response) => void response.end('doctor'),
  token: createTokenRoute({ appId: 'app', apiKey: 'key', mint: async (userId) => `token-of-${userId}` }),
  files: async (_request, response, pathname) => {
    if (pathname !== '/') return false;
    response.end('page');
    return true;
  },
};

async function start(opened: DevRoutes | null = routes) {
  const server = await listenOn(0, 'parley dev');
  servers.push(server);
  if (opened !== null) server.open(opened);
  return async (path: string, headers: Record<string, string> = {}, method = 'GET') => {
    const asked = request({ host: '127.0.0.1', port: server.port, path, method, headers });
    asked.end();
    const [response] = await once(asked, 'response');
    return { status: response.statusCode, headers: response.headers, body: (await text(response)).trim() };
  };
}

test('each path reaches its part', async () => {
  const ask = await start();
  expect((await ask('/')).body).toBe('page');
  expect((await ask('/healthz')).body).toBe('healthy');
  expect((await ask('/doctor')).body).toBe('doctor');
  expect((await ask('/graphql', {}, 'POST')).body).toBe('graphql');
  expect((await ask('/graphql', { Accept: 'text/event-stream' }, 'POST')).body).toBe('stream');
  expect(await ask('/nowhere')).toMatchObject({
    status: 404,
    body: expect.stringContaining('/nowhere'),
    headers: { 'access-control-allow-origin': '*' },
  });
  for (const method of ['POST', 'OPTIONS']) expect((await ask('/nowhere', {}, method)).body).toBe('graphql');
});

test('a demo page that is not built is explained', async () => {
  const ask = await start({ ...routes, files: async () => false });
  expect(await ask('/')).toMatchObject({ status: 404, body: expect.stringContaining('npm start, which builds it') });
});

test('a client that could also read an event stream gets JSON', async () => {
  const ask = await start();
  const accept = 'application/graphql-response+json, application/json, text/event-stream, multipart/mixed';
  expect((await ask('/graphql', { Accept: accept }, 'POST')).body).toBe('graphql');
});

test('only /graphql is upgraded', async () => {
  const ask = await start();
  const upgrade = { Connection: 'Upgrade', Upgrade: 'websocket' };
  expect((await ask('/elsewhere', upgrade)).status).toBe(404);
});

test('an upgrade that is not for WebSocket is ignored and the request answered', async () => {
  const ask = await start();
  const upgrade = { Connection: 'Upgrade, HTTP2-Settings', Upgrade: 'h2c', 'HTTP2-Settings': 'AAMAAABkAAQAAP__' };
  expect(await ask('/graphql', upgrade, 'POST')).toMatchObject({ status: 200, body: 'graphql' });
  expect(await ask('/', upgrade)).toMatchObject({ status: 200, body: 'page' });
});

test('before everything is up the answer is "not yet"', async () => {
  const ask = await start(null);
  expect(await ask('/')).toMatchObject({ status: 503, headers: { 'retry-after': '1' } });
});

test('a taken port gets one sentence that names another', async () => {
  const server = await listenOn(0, 'parley dev');
  servers.push(server);
  await expect(listenOn(server.port, 'parley dev')).rejects.toThrow(
    `unable to listen on port ${server.port}; another program has it: stop that one, or choose another with --port`,
  );
});

test('anybody on this machine gets a token for any user', async () => {
  const ask = await start();
  const { status, headers, body } = await ask('/dev/token?user=ada');
  expect(status).toBe(200);
  expect(headers['cache-control']).toBe('no-store');
  expect(JSON.parse(body)).toEqual({ token: 'token-of-ada', userId: 'ada', appId: 'app', apiKey: 'key' });
});

test.each(['/dev/token', '/dev/token?user=', '/dev/token?user=a%20b', `/dev/token?user=${'a'.repeat(256)}`])(
  '%s is refused with the rule for user ids',
  async (path) => {
    const ask = await start();
    const { status, body } = await ask(path);
    expect(status).toBe(400);
    expect(JSON.parse(body)).toMatchObject({
      message: expect.stringContaining('a user id is 1 to 255 of'),
      extensions: { code: 'invalid_input', field: 'user', limit: 255 },
    });
  },
);

test('a page on this machine may read the token, a page elsewhere may not', async () => {
  const ask = await start();
  const local = await ask('/dev/token?user=ada', { Origin: 'http://localhost:5173' });
  expect(local.headers['access-control-allow-origin']).toBe('http://localhost:5173');
  const foreign = await ask('/dev/token?user=ada', { Origin: 'https://example.com' });
  expect(foreign.status).toBe(403);
  expect(foreign.headers['access-control-allow-origin']).toBeUndefined();
});

test('a name that was made to resolve to this machine reaches nothing', async () => {
  const ask = await start();
  for (const path of ['/', '/dev/token?user=ada', '/graphql', '/healthz']) {
    expect((await ask(path, { Host: 'rebound.example:4000' })).status).toBe(403);
  }
  expect((await ask('/', { Host: 'localhost:4000' })).status).toBe(200);
  expect((await ask('/', { Host: '[::1]:4000' })).status).toBe(200);
});

test('a token is asked for with GET alone', async () => {
  const ask = await start();
  expect(await ask('/dev/token?user=ada', {}, 'POST')).toMatchObject({ status: 405, headers: { allow: 'GET' } });
});

test('a request that never ends is hung up on', async () => {
  const server = await listenOn(0, 'parley dev', {
    limits: { headersTimeout: 100, requestTimeout: 200, connectionsCheckingInterval: 20 },
  });
  servers.push(server);
  server.open({ ...routes, graphql: (_request, response) => void response.setHeader('X-Waits', 'for the body') });
  for (const begun of [
    'POST /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\n',
    'POST /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9\r\n\r\nx',
  ]) {
    const socket = connect(server.port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.resume().write(begun);
    await once(socket, 'close');
  }
});
