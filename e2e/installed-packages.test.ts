import { execFile } from 'node:child_process';
import { mkdir, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { DevPlatform } from '@parley/cli';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Place, run, write } from './matrix/consumer.ts';
import { environmentOf, requiringChat, runRequiringChat } from './matrix/node-chat.ts';
import { checkAndChat, typeScriptFiles } from './matrix/node-consumers.ts';
import { packPackages, root, type Tarballs } from './matrix/tarballs.ts';
import { makeChannel, startPlatform, temporaryFolder } from './platform.ts';

// What is fast of `npm run matrix`, without the registry: tarballs are unpacked as npm would, and what they need is that of this repository.
let platform: DevPlatform;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let tarballs: Tarballs;
beforeAll(async () => {
  folder = await temporaryFolder();
  tarballs = await packPackages(join(folder.path, 'tarballs'));
  platform = await startPlatform();
});
afterAll(async () => {
  await platform?.close();
  await folder?.remove();
});

async function unpack(name: string, target: string): Promise<void> {
  const tarball = tarballs[name]?.replace('file:', '');
  if (tarball === undefined) throw new Error(`unable to unpack ${name}; it was not packed`);
  await rm(target, { recursive: true, force: true });
  await mkdir(target, { recursive: true });
  await promisify(execFile)('tar', ['-xzf', tarball, '-C', target, '--strip-components=1']);
}

async function place(key: string): Promise<Place> {
  const app = join(folder.path, key);
  const modules = join(app, 'node_modules');
  for (const name of Object.keys(tarballs)) await unpack(name, join(modules, name));
  await mkdir(join(modules, '@types'), { recursive: true });
  for (const name of [
    'jose',
    'react',
    'react-dom',
    '@types/node',
    '@types/react',
    '@types/react-dom',
    'csstype',
    'undici-types',
  ])
    await symlink(join(root, 'node_modules', name), join(modules, name));
  const { id: channelId } = await makeChannel(platform, key, ['ada', 'bob']);
  return { folder: app, platform, channelId };
}

test('a Node without `require` of ES modules chats, and each of four copies knows the errors of the others', async () => {
  const app = await place('require');
  // sdk-server with contracts of its own, as npm installs them where versions differ.
  const nested = join(app.folder, 'node_modules', '@parley', 'sdk-server', 'node_modules', '@parley', 'contracts');
  await unpack('@parley/contracts', nested);
  await write(app.folder, { 'chat.cjs': requiringChat, 'main.cjs': runRequiringChat });
  const args = ['--no-experimental-require-module', 'main.cjs'];
  expect(await run(app.folder, process.execPath, args, environmentOf(app))).toContain('bob has it');
});

test('strict TypeScript accepts the types of both module systems, and what it emits chats', async () => {
  const app = await place('types');
  await write(app.folder, typeScriptFiles(['bundler']));
  await checkAndChat(app, [process.execPath, join(root, 'node_modules', 'typescript', 'bin', 'tsc')], ['bundler']);
});
