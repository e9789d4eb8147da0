import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeChannel, startPlatform } from '../platform.ts';
import { browserConsumers } from './browser-consumers.ts';
import { type Consumer, install } from './consumer.ts';
import { jest, nodeCommonJs, typescript5, typescript7 } from './node-consumers.ts';
import { relay } from './relay-consumer.ts';
import { packPackages } from './tarballs.ts';

// `npm run matrix -- vite jest`: packs the packages, installs them into apps of other people's tools, and has each app chat.
const all: readonly Consumer[] = [nodeCommonJs, jest, typescript5, typescript7, relay, ...browserConsumers];
const wanted = process.argv.slice(2);
const chosen = all.filter(({ name }) => wanted.length === 0 || wanted.some((part) => name.includes(part)));
if (chosen.length === 0)
  throw new Error(`unable to run the matrix; there are ${all.map(({ name }) => name).join(', ')}`);

const folder = await mkdtemp(join(tmpdir(), 'parley-matrix-'));
const platform = await startPlatform();
let failed = 0;
try {
  const tarballs = await packPackages(join(folder, 'tarballs'));
  for (const consumer of chosen) {
    const begun = Date.now();
    const seconds = () => `${Math.round((Date.now() - begun) / 1_000)} s`;
    try {
      const { id: channelId } = await makeChannel(platform, consumer.name.replaceAll('.', '-'), ['ada', 'bob']);
      const place = { folder: join(folder, consumer.name), platform, channelId };
      await install(consumer, place, tarballs);
      await consumer.chat(place);
      process.stdout.write(`ok    ${consumer.name} (${seconds()})\n`);
    } catch (error) {
      failed += 1;
      process.stdout.write(`FAIL  ${consumer.name} (${seconds()})\n${error instanceof Error ? error.stack : error}\n`);
    }
    await rm(join(folder, consumer.name), { recursive: true, force: true, maxRetries: 3 });
  }
} finally {
  await platform.close();
  await rm(folder, { recursive: true, force: true, maxRetries: 3 });
}
process.stdout.write(`${chosen.length - failed} passed, ${failed} failed\n`);
process.exitCode = failed > 0 ? 1 : 0;
