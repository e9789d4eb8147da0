import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The run that unawaited-rejections.test.ts looks at: with what every run has, and with faults. */
export default defineConfig({
  test: {
    root: here('.'),
    include: ['*.fixture.ts'],
    setupFiles: [here('unawaited-rejections.ts')],
    reporters: ['json', here('../../../../scripts/closing-line-reporter.ts'), here('faulty-reporter.ts')],
  },
});
