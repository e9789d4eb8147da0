import { copyFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'tsup';
import { libraryBuild } from '../../scripts/lib/library-build.ts';

const build = libraryBuild({ index: 'src/index.ts' });

export default defineConfig([
  { ...build, format: 'esm' },
  {
    ...build,
    format: 'cjs',
    clean: false,
    // An ES module alone, which Node loads by `require` only from 20.19 and Jest not at all.
    noExternal: ['jose'],
    // It would name files that the package does not hold.
    sourcemap: false,
    // Its licence asks for that.
    onSuccess: async () =>
      copyFileSync(
        fileURLToPath(new URL('LICENSE.md', import.meta.resolve('jose/package.json'))),
        'dist/jose.LICENSE.md',
      ),
  },
]);
