import { defineConfig } from 'vitest/config';

const { CI, TANDEM_TEST_ALL } = process.env;

// Packages are tested from their sources: the `source` condition of each package's exports.
export default defineConfig({
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'] } },
  test: {
    include: [
      '{packages,services,tools}/*/src/**/*.test.ts',
      'dashboard/src/**/*.test.ts',
      'e2e/src/**/*.test.ts',
    ],
    setupFiles: CI === 'true' && TANDEM_TEST_ALL !== 'true' ? ['scripts/fixed-seeds.mjs'] : [],
    testTimeout: 240_000,
    hookTimeout: 120_000,
    // Of a busy machine; nothing is measured by them.
    expect: { poll: { timeout: 60_000 } },
  },
});
