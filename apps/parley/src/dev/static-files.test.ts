import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createStaticFiles } from './static-files.ts';

let folder: string;
let port: number;
let close: () => Promise<void>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-static-'));
  await mkdir(join(folder, 'page', 'assets'), { recursive: true });
  await mkdir(join(folder, 'page-secret'));
  await writeFile(join(folder, 'page', 'index.html'), '<p>hello');
  await writeFile(join(folder, 'page', 'assets', 'app-1a2b.js'), 'go()');
  await writeFile(join(folder, 'secret.txt'), 'secret');
  await writeFile(join(folder, 'page-secret', 'secret.txt'), 'secret');
  const serve = createStaticFiles(join(folder, 'page'));
  const server = createServer((request, response) => {
    const path = (request.url ?? '/').split('?')[0] ?? '/';
    void serve(request, response, path).then((served) => served || response.writeHead(404).end());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  port = typeof address === 'object' && address !== null ? address.port : 0;
  close = async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
});

afterAll(async () => {
  await close();
  await rm(folder, { recursive: true, force: true });
});

/** The path goes out as it stands; `fetch` would tidy it up. */
async function get(path: string, method = 'GET') {
  const asked = request({ host: '127.0.0.1', port, path, method });
  asked.end();
  const [response] = await once(asked, 'response');
  return { status: response.statusCode, headers: response.headers, body: await text(response) };
}

test('the page is at /, kept out of frames and away from other servers', async () => {
  const { status, headers, body } = await get('/?user=ada');
  expect({ status, body, type: headers['content-type'] }).toEqual({
    status: 200,
    body: '<p>hello',
    type: 'text/html; charset=utf-8',
  });
  expect(headers['content-security-policy']).toContain("default-src 'none'");
  expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
  expect(headers['content-security-policy']).toContain(`connect-src 'self' ws://127.0.0.1:${port}`);
  expect(headers['x-content-type-options']).toBe('nosniff');
});

test('a file named after its content is kept by the browser for ever, the page never', async () => {
  const script = await get('/assets/app-1a2b.js');
  expect(script.headers['content-type']).toBe('text/javascript; charset=utf-8');
  expect(script.headers['cache-control']).toContain('immutable');
  expect((await get('/')).headers['cache-control']).toBe('no-cache');
});

test('HEAD has the headers and no body', async () => {
  expect(await get('/', 'HEAD')).toMatchObject({ status: 200, body: '' });
});

test.each([
  '/../secret.txt',
  '/%2e%2e/secret.txt',
  '/..%2fsecret.txt',
  '/assets/..%2f..%2fsecret.txt',
  '/../page-secret/secret.txt',
  '/%00',
  '/%zz',
  '/assets',
  '/missing.js',
])('%s leads nowhere', async (path) => {
  expect(await get(path)).toMatchObject({ status: 404, body: '' });
});

test('nothing is served to a POST', async () => {
  expect((await get('/', 'POST')).status).toBe(404);
});
