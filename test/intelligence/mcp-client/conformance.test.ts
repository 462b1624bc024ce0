import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';

const require = createRequire(import.meta.url);
const SUITE = join(
  dirname(require.resolve('@modelcontextprotocol/conformance/package.json')),
  'dist/index.js',
);
const CLIENT = join(import.meta.dirname, 'conformance-client.ts');

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'auralink-mcp-'));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

/** Runs our client against the server of a scenario. @returns what the suite says at its end */
function runScenario(version: string, scenario: string): Promise<string> {
  const command = `"${process.execPath}" --no-warnings "${CLIENT}"`;
  const args = ['client', '--command', command, '--scenario', scenario, '--spec-version', version];
  return new Promise((resolve) => {
    execFile(process.execPath, [SUITE, ...args, '-o', dir], { cwd: dir }, (_error, stdout, stderr) =>
      resolve(`${stdout}${stderr}`),
    );
  });
}

/**
 * What the suite requires of a client, without what ours does not do: OAuth (`auth/*`), answering questions of a server
 * (`elicitation-*`, `sep-2322-*`), and reading a stream that its server leaves open after the answer (`sse-retry`).
 */
it.each([
  ['2025-11-25', 'initialize'],
  ['2025-11-25', 'tools_call'],
  ['2026-07-28', 'tools_call'],
  ['2026-07-28', 'request-metadata'],
  ['2026-07-28', 'http-standard-headers'],
  ['2026-07-28', 'http-custom-headers'],
  ['2026-07-28', 'http-invalid-tool-headers'],
  ['2026-07-28', 'json-schema-ref-no-deref'],
])('our client passes what the suite of the version %s asks by %s', async (version, scenario) => {
  expect(await runScenario(version, scenario)).toContain('OVERALL: PASSED');
});
