import { availableParallelism } from 'node:os';
import { cloudflareTest } from '@cloudflare/vitest-plugin';
import { defineConfig } from 'vitest/config';

const WORKERS = Math.min(availableParallelism(), 8);

export default defineConfig({
  test: {
    globalSetup: ['test/support/database/setup.ts'],
    testTimeout: 90_000,
    hookTimeout: 120_000,
    maxWorkers: WORKERS,
    projects: [
      {
        extends: true,
        test: {
          name: 'node',
          // The files of a process share it, and the product is loaded once in it: half the time.
          isolate: false,
          include: ['test/**/*.test.ts'],
          exclude: ['test/**/*.workers.test.ts', 'test/e2e/**'],
          setupFiles: ['test/support/database/each-file.ts'],
        },
      },
      {
        extends: true,
        plugins: [cloudflareTest({ wrangler: { configPath: './wrangler.toml' } })],
        test: {
          name: 'workerd',
          include: ['test/**/*.workers.test.ts'],
          setupFiles: ['test/support/database/each-workerd-file.ts'],
          sequence: { groupOrder: 1 },
        },
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
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
