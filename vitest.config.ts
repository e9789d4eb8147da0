import { defaultClientConditions, defaultServerConditions } from 'vite';
import { defineConfig } from 'vitest/config';

const source = '@parley/source';
const domTests = ['**/*.test.tsx', 'packages/sdk-react/**/*.test.ts'];
const notTests = ['**/node_modules/**', '**/dist/**', '**/.turbo/**', '**/.parley*/**'];

export default defineConfig({
  resolve: {
    conditions: [source, ...defaultClientConditions],
    // Packages in node_modules reach graphql through Node, which takes its CommonJS build; Vite would take the other
    // one, and two copies refuse each other's objects.
    alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }],
  },
  ssr: { resolve: { conditions: [source, ...defaultServerConditions] } },
  test: {
    reporters: ['default', './scripts/closing-line-reporter.ts'],
    globalSetup: ['./packages/testkit/src/vitest.ts'],
    // Workers share the machine with the database, and with browsers in the end-to-end tests.
    maxWorkers: 3,
    // Ends of what hangs, not measures of the machine: one that is busy takes many times as long for the same.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    teardownTimeout: 60_000,
    expect: { poll: { timeout: 20_000, interval: 50 } },
    setupFiles: [
      './packages/testkit/src/vitest-setup/patient-waits.ts',
      './packages/testkit/src/vitest-setup/unawaited-rejections.ts',
    ],
    projects: [
      {
        extends: true,
        test: {
          name: 'node',
          environment: 'node',
          include: ['**/*.test.ts', 'scripts/**/*.test.mjs'],
          exclude: [...notTests, ...domTests, 'e2e/**', 'chaos/**', 'attack/**'],
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          environment: 'node',
          include: ['e2e/**/*.test.ts', 'chaos/**/*.test.ts', 'attack/**/*.test.ts'],
          exclude: notTests,
          testTimeout: 180_000,
          expect: { poll: { timeout: 30_000, interval: 50 } },
          hookTimeout: 180_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'dom',
          environment: 'jsdom',
          include: domTests,
          exclude: notTests,
          setupFiles: ['./packages/sdk-react/test/patient-queries.ts'],
        },
      },
    ],
  },
});
