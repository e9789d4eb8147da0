import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Application } from 'typedoc';
import { contentHash } from './content-hash.mjs';
import { fail, root } from './ensure-install.mjs';
import { publishedPackages } from './workspaces.mjs';

// Builds the pages of the public surface of every published package, with warnings as errors. They are no part of git: `node scripts/lib/type-docs.mjs`
// leaves them in node_modules/.cache/type-docs, and does nothing when nothing that they are made of has changed.
const folder = join(root, 'node_modules', '.cache', 'type-docs');
const stampFile = join(folder, '.built-from');
const packages = publishedPackages();
const sources = [
  ...packages.flatMap((one) =>
    ['src', 'README.md', 'package.json', 'tsconfig.json', 'typedoc.json'].map((name) => join(one.folder, name)),
  ),
  'tsconfig.base.json',
  'package-lock.json',
  'scripts/lib/type-docs.mjs',
];

const stamp = contentHash(root, sources);
if (!existsSync(stampFile) || readFileSync(stampFile, 'utf8') !== stamp) {
  await build();
  mkdirSync(dirname(stampFile), { recursive: true });
  writeFileSync(stampFile, stamp);
}

async function build() {
  const app = await Application.bootstrapWithPlugins({
    entryPointStrategy: 'packages',
    entryPoints: packages.map((one) => join(root, one.folder)),
    packageOptions: { skipErrorChecking: true, disableGit: true, sourceLinkTemplate: '{path}' },
    name: 'Parley',
    readme: 'none',
    out: folder,
    githubPages: false,
    disableGit: true,
    sourceLinkTemplate: '{path}',
    treatWarningsAsErrors: true,
  });
  const project = await app.convert();
  if (project !== undefined) {
    app.validate(project);
    if (!app.logger.hasErrors() && !app.logger.hasWarnings()) await app.generateOutputs(project);
  }
  if (app.logger.hasErrors() || app.logger.hasWarnings())
    fail(
      'unable to document the packages; what TypeDoc found is above: export the types that public ones are made of, or set the comment right',
    );
}
