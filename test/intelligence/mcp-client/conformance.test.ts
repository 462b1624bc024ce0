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

/** What the suite requires of a client by OAuth, in both versions, and what it requires of the later one alone. */
const AUTH = [
  'metadata-default',
  'metadata-var1',
  'metadata-var2',
  'metadata-var3',
  'basic-cimd',
  'scope-from-www-authenticate',
  'scope-from-scopes-supported',
  'scope-omitted-when-undefined',
  'scope-step-up',
  'scope-retry-limit',
  'token-endpoint-auth-basic',
  'token-endpoint-auth-post',
  'token-endpoint-auth-none',
  'pre-registration',
];
const LATER_AUTH = [
  'resource-mismatch',
  'offline-access-scope',
  'offline-access-not-supported',
  'authorization-server-migration',
  'iss-supported',
  'iss-not-advertised',
  'iss-supported-missing',
  'iss-wrong-issuer',
  'iss-unexpected',
  'iss-normalized',
  'metadata-issuer-mismatch',
];
const authScenarios = (version: string, names: readonly string[]) =>
  names.map((name): [string, string] => [version, `auth/${name}`]);

/**
 * What the suite requires of a client, without what ours does not do: answering questions of a server (`elicitation-*`,
 * `sep-2322-*`), and reading a stream that its server leaves open after the answer (`sse-retry`).
 */
it.each<[string, string]>([
  ['2025-11-25', 'initialize'],
  ['2025-11-25', 'tools_call'],
  ['2026-07-28', 'tools_call'],
  ['2026-07-28', 'request-metadata'],
  ['2026-07-28', 'http-standard-headers'],
  ['2026-07-28', 'http-custom-headers'],
  ['2026-07-28', 'http-invalid-tool-headers'],
  ['2026-07-28', 'json-schema-ref-no-deref'],
  ...authScenarios('2025-11-25', AUTH),
  ...authScenarios('2026-07-28', [...AUTH, ...LATER_AUTH]),
])('our client passes what the suite of the version %s asks by %s', async (version, scenario) => {
  expect(await runScenario(version, scenario)).toContain('OVERALL: PASSED');
});
