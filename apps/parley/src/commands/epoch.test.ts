import { chmod, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { createApi } from '@parley/api';
import { startPostgres } from '@parley/local-postgres';
import { callRpc, createMemoryBus, silentLogger } from '@parley/service-kit';
import { createDatabase } from '@parley/testkit';
import { expect, onTestFinished, test, vi } from 'vitest';
import { epochCommand } from './epoch.ts';

/** An API node, and the epoch of the log: as the database has it, and as the node reports it without asking. */
async function startNode(databaseUrl: string) {
  const bus = createMemoryBus();
  const api = await createApi({ databaseUrl, bus, logger: silentLogger(), testMode: true, poolSize: 2 });
  await api.ready;
  onTestFinished(async () => {
    await api.close();
    await bus.close();
  });
  const inTime = { timeoutMs: 5_000 };
  const recent = { nodeId: 'node', appIds: [], since: null, page: null };
  return {
    stored: async () => (await callRpc(bus, 'channel.heads', { channels: [] }, inTime)).epoch,
    reported: async () => (await callRpc(bus, 'inbox.recent', recent, inTime)).epoch,
  };
}

test('the epoch of the log is new when a server takes over from where its copy of the log ends, without anybody doing anything', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'parley-epoch-'));
  await chmod(folder, 0o755);
  const dataDir = join(folder, 'data');
  const postgres = await startPostgres({ dataDir, settings: { fsync: 'off', restore_command: 'false' } });
  onTestFinished(async () => {
    await postgres.stop('immediate');
    await rm(await realpath(dataDir), { recursive: true, force: true });
    await rm(folder, { recursive: true, force: true });
  });
  const { stored, reported } = await startNode(postgres.url());
  const before = await stored();
  expect(await reported()).toBe(before);

  await postgres.restart();
  await vi.waitFor(async () => expect(await stored()).toBe(before), 10_000);

  // As a standby that is promoted, or a recovery to a point in time: the server replays what it has and then begins a timeline.
  await writeFile(join(await realpath(dataDir), 'recovery.signal'), '');
  await postgres.restart();
  const after = await vi.waitFor(stored, 10_000);
  expect(after).not.toBe(before);
  await vi.waitFor(async () => expect(await reported()).toBe(after), 10_000);
}, 60_000);

test('parley epoch begins a new one in the database of DATABASE_URL, and nodes that run hear of it', async () => {
  const database = await createDatabase();
  onTestFinished(() => database.drop());
  const { stored, reported } = await startNode(database.url);
  const before = await stored();
  vi.stubEnv('DATABASE_URL', database.url);
  vi.stubEnv('TEST_MODE', 'true');
  onTestFinished(() => void vi.unstubAllEnvs());
  const stdout = new PassThrough();
  expect(await epochCommand.run([], { stdout, stderr: new PassThrough() })).toBe(0);
  stdout.end();
  const { epoch } = JSON.parse(await text(stdout)) as { epoch: string };
  expect(epoch).not.toBe(before);
  expect(await stored()).toBe(epoch);
  await vi.waitFor(async () => expect(await reported()).toBe(epoch), 10_000);
});
