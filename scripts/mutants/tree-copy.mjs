import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** The scope of the workspace packages, which have to be those of the copy. */
const scope = '@parley';

/**
 * A copy of the checkout, what is not committed included, that may be spoilt: packages of others are linked, those of the workspace are the copy's own.
 */
export function copyTree(root) {
  const folder = mkdtempSync(join(tmpdir(), 'parley-mutants-'));
  // As root, the database server of the tests runs as another user, who must get through.
  chmodSync(folder, 0o755);
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  for (const file of listed.split('\0').filter((name) => name !== '' && existsSync(join(root, name)))) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    copyFileSync(join(root, file), join(folder, file));
  }
  linkModules(root, folder);
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

function linkModules(root, folder) {
  const own = join(root, 'node_modules');
  const copied = join(folder, 'node_modules');
  mkdirSync(join(copied, scope), { recursive: true });
  // Caches start with a dot, and the runner's must not mix the copy with the checkout.
  for (const name of readdirSync(own).filter(
    (entry) => entry !== scope && (entry === '.bin' || !entry.startsWith('.')),
  ))
    symlinkSync(join(own, name), join(copied, name));
  for (const workspace of workspacesOf(root))
    symlinkSync(join(folder, workspace.folder), join(copied, scope, workspace.name.slice(scope.length + 1)));
}

function workspacesOf(root) {
  const answer = execFileSync('npm', ['query', '.workspace'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  return JSON.parse(answer).map(({ name, location }) => ({ name, folder: location }));
}
