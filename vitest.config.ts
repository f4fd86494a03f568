import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

const DATABASE = './packages/testkit/src/global-setup.ts';

export default defineConfig({
  test: {
    reporters: ['default', './scripts/closing-line-reporter.ts'],
    setupFiles: ['./scripts/fixed-seed.ts'],
    // Most tests wait for other processes and for leases, not for a processor: one file a core leaves half of a small machine idle.
    maxWorkers: availableParallelism() + 1,
    // Only a test that hangs comes near to them, on a loaded machine, too.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // A second, which is the default, a loaded machine can take for anything.
    expect: { poll: { timeout: 20_000 } },
    projects: [
      {
        extends: true,
        test: {
          name: 'all',
          include: ['{packages,apps,samples,scripts,e2e,docs}/**/*.test.ts'],
          exclude: ['**/node_modules/**', 'e2e/web/**'],
          globalSetup: [DATABASE, './scripts/build-web-app.ts'],
        },
      },
      {
        // Journeys in a browser: it is unpacked and started, and the web app is built, for these alone.
        extends: true,
        test: {
          name: 'web',
          include: ['e2e/web/**/*.test.ts'],
          globalSetup: [DATABASE, './e2e/web/global-setup.ts'],
        },
      },
    ],
  },
});
