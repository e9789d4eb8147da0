import type { Options } from 'tsup';

/**
 * How a published package is built: ES modules and CommonJS, each with types of its own (docs/adr/0020). The source maps name the files of `src`, which the
 * package holds anyway, and do not repeat them.
 */
export const libraryBuild = (entry: Record<string, string>): Options => ({
  entry,
  format: ['esm', 'cjs'],
  target: 'es2022',
  dts: true,
  sourcemap: true,
  clean: true,
  tsconfig: 'tsconfig.json',
  esbuildOptions(options) {
    options.sourcesContent = false;
  },
});
