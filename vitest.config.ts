import { cloudflareTest } from '@cloudflare/vitest-plugin';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    globalSetup: ['test/support/setup.ts'],
    // Far above what any of them takes: a machine may be busy, and some read every row of the run's database.
    testTimeout: 90_000,
    hookTimeout: 120_000,
    // One file at a time: sweeps go through all organizations, and a test that moves its clock and sweeps would end what
    // another file's test has just begun.
    maxWorkers: 1,
    projects: [
      {
        extends: true,
        test: {
          name: 'node',
          // Files share a process, and the product is loaded once in it: half the time. What they share beyond that is
          // the database, where each has organizations of its own.
          isolate: false,
          include: ['test/**/*.test.ts'],
          exclude: ['test/**/*.workers.test.ts', 'test/e2e/**'],
        },
      },
      {
        extends: true,
        plugins: [cloudflareTest({ wrangler: { configPath: './wrangler.toml' } })],
        test: { name: 'workerd', include: ['test/**/*.workers.test.ts'] },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          globalSetup: ['test/e2e/support/setup.ts'],
          testTimeout: 120_000,
          hookTimeout: 150_000,
          // An organization of the free plan may ask 100 times a minute: whoever waits for something asks less often.
          expect: { poll: { interval: 1_000, timeout: 15_000 } },
          // After the others, one file at a time: they run the product itself.
          fileParallelism: false,
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
