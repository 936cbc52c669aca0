import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    pool: 'forks',
    maxWorkers: 2,
    // The files share the two processes: the studio is loaded twice, in place of once a file. What a file changes of the process
    // (`process.env`, the clock), it puts back.
    isolate: false,
    // A busy machine takes its time for what comes at once elsewhere: a process that starts, a page that shows what it was told.
    testTimeout: 240_000,
    hookTimeout: 240_000,
    expect: { poll: { timeout: 40_000 } },
    reporters: ['default'],
  },
});
