import { defineConfig } from 'tsup';
import { libraryBuild } from '../../scripts/lib/library-build.ts';

export default defineConfig(
  libraryBuild({
    index: 'src/index.ts',
    'client-limits': 'src/client-limits.ts',
    'close-codes': 'src/close-codes.ts',
    'bus/index': 'src/bus/index.ts',
    sdl: 'src/sdl.ts',
  }),
);
