import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // A busy machine may take seconds to show what comes at once elsewhere.
    expect: { poll: { timeout: 20_000 } },
    reporters: ['default'],
  },
});
