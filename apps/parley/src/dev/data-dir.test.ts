import { access, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { prepareDevDataDir } from './data-dir.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-data-dir-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('the folder is made, and what is in it stays', async () => {
  const { path, postgres } = await prepareDevDataDir(join(folder, 'a', 'b'), false);
  await mkdir(postgres);
  await writeFile(join(postgres, 'data'), 'kept');
  await prepareDevDataDir(path, false);
  expect(await readFile(join(postgres, 'data'), 'utf8')).toBe('kept');
});

test('--reset deletes our data and nothing else in the folder', async () => {
  const { path, postgres } = await prepareDevDataDir(folder, false);
  await mkdir(postgres);
  await writeFile(join(postgres, 'data'), 'ours');
  await writeFile(join(path, 'thesis.txt'), 'theirs');
  await prepareDevDataDir(folder, true);
  await expect(access(join(postgres, 'data'))).rejects.toThrow('ENOENT');
  expect(await readFile(join(path, 'thesis.txt'), 'utf8')).toBe('theirs');
});

test('--reset refuses a folder that parley did not make', async () => {
  await mkdir(join(folder, 'postgres'));
  await expect(prepareDevDataDir(folder, true)).rejects.toThrow('parley did not make this folder');
  await access(join(folder, 'postgres'));
});

test('--reset of a folder that is not there just makes it', async () => {
  await prepareDevDataDir(join(folder, 'new'), true);
  await access(join(folder, 'new'));
});

test('--reset of an empty folder takes it', async () => {
  await prepareDevDataDir(folder, true);
  await access(join(folder, 'parley-data-dir'));
});

test.runIf(process.platform === 'linux')(
  'a place in which the system makes no folders is refused at once',
  async () => {
    await expect(prepareDevDataDir('/proc/parley/data', false)).rejects.toThrow(
      'unable to write to the data directory',
    );
  },
);

test('a place that cannot be written gets one sentence with the cure', async () => {
  await writeFile(join(folder, 'file'), '');
  await expect(prepareDevDataDir(join(folder, 'file', 'data'), false)).rejects.toThrow(
    /^unable to write to the data directory .*; make it writable or choose another with --data-dir/,
  );
});

test('the key for secrets is made once, for this user alone, and goes with the data', async () => {
  const { path, secretsKey } = await prepareDevDataDir(folder, false);
  expect(Buffer.from(secretsKey, 'base64')).toHaveLength(32);
  expect((await stat(join(path, 'secrets-key'))).mode & 0o777).toBe(0o600);
  expect((await prepareDevDataDir(folder, false)).secretsKey).toBe(secretsKey);
  expect((await prepareDevDataDir(folder, true)).secretsKey).not.toBe(secretsKey);
});
