import { chmod, lstat, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * A folder that every user may enter and only root may write: for what root must place outside a closed home directory.
 * A temporary folder is the second choice because the system may clean it.
 */
export async function sharedFolder(candidates = ['/var/lib/parley', join(tmpdir(), 'parley-root')]): Promise<string> {
  let refusal: unknown;
  for (const folder of candidates) {
    try {
      await mkdir(folder, { recursive: true });
      const found = await lstat(folder);
      // Another user could have made the folder first, to place binaries in it that root would start.
      if (!found.isDirectory() || found.uid !== 0) throw new Error(`${folder} does not belong to root`);
      await chmod(folder, 0o755);
      return folder;
    } catch (error) {
      refusal = error;
    }
  }
  throw new Error('unable to find a folder that an unprivileged user may enter', { cause: refusal });
}
