import { defineConfig } from 'tsup';
import { libraryBuild } from '../../scripts/lib/library-build.ts';

export default defineConfig({
  ...libraryBuild({ index: 'src/index.ts', styles: 'src/styles/index.css' }),
  dts: { entry: { index: 'src/index.ts' } },
});
