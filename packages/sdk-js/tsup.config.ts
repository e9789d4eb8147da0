import { defineConfig } from 'tsup';
import { libraryBuild } from '../../scripts/lib/library-build.ts';

export default defineConfig(libraryBuild({ index: 'src/index.ts' }));
