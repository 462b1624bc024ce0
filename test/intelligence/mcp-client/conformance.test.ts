import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { beforeAll, expect, it } from 'vitest';
import { type SuiteContext, visitServer } from './conformance-client.ts';

const require = createRequire(import.meta.url);
const SUITE = join(
  dirname(require.resolve('@modelcontextprotocol/conformance/package.json')),
  'dist/index.js',
);
const COMMAND = join(import.meta.dirname, 'conformance-command.cjs');

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
const ofAuth = (names: readonly string[]) => names.map((name) => `auth/${name}`);

/**
 * What the suite requires of a client, without what ours does not do: answering questions of a server (`elicitation-*`,
 * `sep-2322-*`), reading a stream that its server leaves open after the answer (`sse-retry`), and listing
 * every word of a schema (`json-schema-2020-12-preservation`).
 */
const SCENARIOS: Record<string, readonly string[]> = {
  '2025-11-25': ['initialize', 'tools_call', ...ofAuth(AUTH)],
  '2026-07-28': [
    'tools_call',
    'request-metadata',
    'http-standard-headers',
    'http-custom-headers',
    'http-invalid-tool-headers',
    'json-schema-ref-no-deref',
    ...ofAuth([...AUTH, ...LATER_AUTH]),
  ],
};
/** Milliseconds for all scenarios of a version, which wait for each other. */
const WITHIN_MS = '300000';

/** Where our client has to refuse what the server does. */
const REFUSED = ofAuth([
  'scope-retry-limit',
  'resource-mismatch',
  'iss-supported-missing',
  'iss-wrong-issuer',
  'iss-unexpected',
  'iss-normalized',
  'metadata-issuer-mismatch',
]);

interface Outcome {
  /** What the suite says at its end: a line for each scenario. */
  summary: string;
  /** Why the client gave up, by scenario. */
  errors: Map<string, string>;
}

/** Runs the suite of the version, which starts a client for each scenario: those ask our client in this process. */
async function runSuite(version: string): Promise<Outcome> {
  const errors = new Map<string, string>();
  const visit = async (body: string) => {
    const { scenario, url, context } = JSON.parse(body) as Record<'scenario' | 'url' | 'context', string>;
    if (!SCENARIOS[version]!.includes(scenario)) return;
    await visitServer(url, JSON.parse(context) as SuiteContext).catch((error: unknown) =>
      errors.set(scenario, String(error)),
    );
  };
  // The suite starts all at once; one after the other, none waits for its own answers as long as the time limits are.
  let last: Promise<unknown> = Promise.resolve();
  const server = createServer((request, response) => {
    last = last
      .then(() => text(request))
      .then(visit)
      .finally(() => response.end());
  }).listen(0);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const command = `"${process.execPath}" "${COMMAND}" ${port}`;
  const args = [
    'client',
    '--command',
    command,
    '--suite',
    'all',
    '--spec-version',
    version,
    '--timeout',
    WITHIN_MS,
  ];
  const summary = await new Promise<string>((resolve) => {
    execFile(process.execPath, [SUITE, ...args], (_error, stdout) => resolve(stdout));
  });
  server.close();
  return { summary, errors };
}

const outcomes: Record<string, Outcome> = {};
beforeAll(async () => {
  for (const version of Object.keys(SCENARIOS)) outcomes[version] = await runSuite(version);
}, 600_000);

const cases = Object.entries(SCENARIOS).flatMap(([version, scenarios]) =>
  scenarios.map((scenario): [string, string] => [version, scenario]),
);

it.each(cases)('our client passes what the suite of the version %s asks by %s', (version, scenario) => {
  const { summary, errors } = outcomes[version]!;
  const line = summary.split('\n').find((line) => line.slice(2).startsWith(`${scenario}: `));
  expect(line).toMatch(/^✓ /);
  if (REFUSED.includes(scenario)) expect(errors.get(scenario)).toBeDefined();
  else expect(errors.get(scenario)).toBeUndefined();
});
