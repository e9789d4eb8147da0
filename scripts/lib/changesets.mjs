import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './ensure-install.mjs';
import { publishedPackages } from './workspaces.mjs';

// Changesets' own status passes over a changeset that names a package which does not exist; a release then fails.
if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const known = publishedPackages().map(({ name }) => name);
  const folder = join(root, '.changeset');
  const files = readdirSync(folder).filter((name) => name.endsWith('.md') && name !== 'README.md');
  for (const file of files) {
    for (const fault of faultsOf(readFileSync(join(folder, file), 'utf8'), known)) {
      process.stdout.write(`.changeset/${file}: ${fault}\n`);
      process.exitCode = 1;
    }
  }
}

/** What is wrong with the text of a changeset, given the names of the packages that are published. */
export function faultsOf(text, known) {
  const [, head, body] = /^---\n([\s\S]*?)\n?---\n([\s\S]*)$/.exec(text) ?? [];
  if (head === undefined) return ['it does not begin with the packages between two lines of ---'];
  const faults = body.trim() === '' ? ['it does not say what changes for the reader'] : [];
  for (const line of head.split('\n').filter((line) => line.trim() !== '')) {
    const [, name, bump] = /^["']?([^"':]+)["']?\s*:\s*(\w+)$/.exec(line.trim()) ?? [];
    if (name === undefined) faults.push(`"${line}" is not of the form "package": minor`);
    else if (!known.includes(name)) faults.push(`${name} is not a published package; there are: ${known.join(', ')}`);
    else if (!['patch', 'minor', 'major'].includes(bump)) faults.push(`${bump} is none of patch, minor, major`);
  }
  return faults;
}
