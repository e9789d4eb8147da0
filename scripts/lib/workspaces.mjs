import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './ensure-install.mjs';

/** The packages that are published: each with its folder (relative to the root) and its entries by name. */
export function publishedPackages() {
  return readdirSync(join(root, 'packages'))
    .map((name) => `packages/${name}`)
    .filter((folder) => existsSync(join(root, folder, 'package.json')))
    .map((folder) => ({ folder, manifest: JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) }))
    .filter(({ manifest }) => manifest.private !== true)
    .map(({ folder, manifest }) => ({ folder, name: manifest.name, entries: typedEntries(manifest.exports) }));
}

/** Each entry with types, as its file in dist: `index`, `bus/index`. */
function typedEntries(exports) {
  return Object.values(exports)
    .map((entry) => entry.import?.types)
    .filter((types) => types !== undefined)
    .map((types) => types.replace(/^\.\/dist\//, '').replace(/\.d\.ts$/, ''));
}
