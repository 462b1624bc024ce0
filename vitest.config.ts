import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { cloudflareTest } from '@cloudflare/vitest-plugin';
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';
import { findSpeechTools } from './workers/local/speech.ts';
import { findClamd } from './test/support/clamd.ts';
import { findVersitygw } from './test/support/storage/versitygw.ts';
import { LongestFirst } from './test/e2e/support/longest-first.ts';
import { REPEATED_ON_PGLITE } from './test/support/database/repeated-on-pglite.ts';

const WORKERS = Math.min(availableParallelism(), 8);

/** An awaited state comes at once on a quiet machine; one that is three times slower has other work, too. */
const POLL = { timeout: 15_000 };

const inNode = {
  // The files of a process share it, and the product is loaded once in it: half the time.
  isolate: false,
  // What a request leaves behind is collected while it is young, which costs least.
  execArgv: ['--max-semi-space-size=64'],
  exclude: [
    '**/node_modules/**',
    'test/**/*.workers.test.ts',
    'test/e2e/**',
    'test/media/compression/service.test.ts',
    'test/media/buckets/versitygw.test.ts',
    'test/media/scans/clamav.test.ts',
    'test/local/speech/**',
  ],
  setupFiles: ['test/support/database/each-file.ts'],
};

const ofRunningProduct = {
  globalSetup: ['test/e2e/support/setup.ts'],
  testTimeout: 120_000,
  hookTimeout: 150_000,
  // An organization of the free plan may make 100 requests a minute: what waits for something asks less often.
  expect: { poll: { ...POLL, interval: 1_000 } },
  // They wait for processes and timers more than they compute.
  maxWorkers: 3,
  sequence: { groupOrder: 2 },
};

const onPglite: TestProjectInlineConfiguration[] = [
  {
    extends: true,
    test: {
      ...inNode,
      name: 'pglite',
      include: REPEATED_ON_PGLITE,
      provide: { embedded: true },
    },
  },
  {
    test: {
      ...ofRunningProduct,
      name: 'e2e-pglite',
      include: ['test/e2e/{account-journeys,call-history,tour}.test.ts'],
    },
  },
];

/** At a storage server: where it is built, and always in CI. */
const ofStorage: TestProjectInlineConfiguration = {
  extends: true,
  test: {
    ...inNode,
    name: 'storage',
    include: ['test/media/buckets/versitygw.test.ts'],
    exclude: ['**/node_modules/**'],
  },
};

const hasStorage = findVersitygw() !== undefined || Boolean(process.env.CI);

/** With Debian's clamd: where it is unpacked or installed, and always in CI. */
const ofClamav: TestProjectInlineConfiguration = {
  test: { name: 'clamav', include: ['test/media/scans/clamav.test.ts'], testTimeout: 90_000 },
};
const hasClamav = findClamd() !== undefined || Boolean(process.env.CI);

/** A package of its own: its tests run where it is installed, and always in CI. */
const ofCompression: TestProjectInlineConfiguration = {
  test: {
    name: 'compression',
    include: ['workers/compression/test/**/*.test.ts', 'test/media/compression/service.test.ts'],
    testTimeout: 30_000,
    expect: { poll: POLL },
  },
};
const hasCompression = existsSync('workers/compression/node_modules') || Boolean(process.env.CI);

/** Calls in which real models listen and speak: each has a product of its own, and nothing beside it, because models need both cores. */
const CALLS_WITH_SPEECH = ['test/e2e/{agents,captions}.test.ts'];

/** The speech service, with real models: where it is installed, and always in CI. */
const ofSpeech: TestProjectInlineConfiguration[] = [
  {
    test: {
      name: 'speech',
      include: ['test/local/speech/**/*.test.ts'],
      testTimeout: 60_000,
      expect: { poll: POLL },
    },
  },
  {
    test: {
      name: 'e2e-speech',
      include: CALLS_WITH_SPEECH,
      testTimeout: 120_000,
      hookTimeout: 150_000,
      maxWorkers: 1,
      sequence: { groupOrder: 3 },
    },
  },
];
const hasSpeech =
  Boolean(process.env.CI) || findSpeechTools({ ...process.env, SPEECH_URL: undefined }).isInstalled;

const isShuffled = process.argv.some((argument) => argument.startsWith('--sequence.shuffle'));

export default defineConfig({
  test: {
    globalSetup: ['test/support/database/setup.ts'],
    testTimeout: 90_000,
    // One call of every operation prepares some of the generated suites.
    hookTimeout: 300_000,
    maxWorkers: WORKERS,
    expect: { poll: POLL },
    ...(isShuffled ? {} : { sequence: { sequencer: LongestFirst } }),
    projects: [
      { extends: true, test: { ...inNode, name: 'node', include: ['test/**/*.test.ts'] } },
      {
        extends: true,
        plugins: [cloudflareTest({ wrangler: { configPath: './wrangler.toml' } })],
        test: {
          name: 'workerd',
          // As in Node: each file would start a runtime and load the product in it.
          isolate: false,
          // Bundled, because the runner turns each use of an import into a look-up: a hash takes twenty times as long.
          deps: { optimizer: { ssr: { enabled: true, include: ['@noble/hashes/scrypt.js'] } } },
          include: ['test/**/*.workers.test.ts'],
          globalSetup: ['test/support/build-pages.ts'],
          setupFiles: ['test/support/database/each-workerd-file.ts'],
        },
      },
      {
        test: {
          ...ofRunningProduct,
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          exclude: CALLS_WITH_SPEECH,
        },
      },
      ...(hasStorage ? [ofStorage] : []),
      ...(hasClamav ? [ofClamav] : []),
      ...(hasCompression ? [ofCompression] : []),
      ...(hasSpeech ? ofSpeech : []),
      ...(process.env.TEST_DATABASE_URL ? onPglite : []),
    ],
  },
});
