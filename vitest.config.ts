import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{packages,apps,samples,scripts,e2e,docs}/**/*.test.ts'],
    reporters: ['default', './scripts/closing-line-reporter.ts'],
    globalSetup: ['./packages/testkit/src/global-setup.ts'],
    setupFiles: ['./scripts/fixed-seed.ts'],
    testTimeout: 20_000,
    hookTimeout: 60_000,
  },
});
