import { defineConfig } from 'tsup';
import { libraryBuild } from '../../scripts/lib/library-build.ts';

const build = libraryBuild({ index: 'src/index.ts', styles: 'src/styles/index.css' });

export default defineConfig({
  ...build,
  esbuildOptions(options, context) {
    build.esbuildOptions?.(options, context);
    // Tools that bundle other people's style sheets are older than browsers.
    options.supported = { nesting: false };
  },
  dts: { entry: { index: 'src/index.ts' } },
});
