import { defineConfig } from 'tsup';

export default defineConfig({
  entry: {
    index: 'src/index.ts',
    'client-limits': 'src/client-limits.ts',
    'close-codes': 'src/close-codes.ts',
    'bus/index': 'src/bus/index.ts',
    sdl: 'src/sdl.ts',
  },
  format: 'esm',
  target: 'es2022',
  dts: true,
  sourcemap: true,
  clean: true,
  tsconfig: 'tsconfig.json',
});
