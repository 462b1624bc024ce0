/**
 * `npm run fuzz:api`: starts the product with empty data and sends what Schemathesis makes of its OpenAPI document, for at most
 * five minutes and with a fixed seed. Fails when an answer is a 5xx.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApiClient } from '../e2e/support/api-client.ts';
import { findFreePort, launchProduct, ROOT, type StartupInfo } from '../e2e/support/launch.ts';

const SEED = 20_260_105;
const MAX_SECONDS = 300;
const PACKAGES = join(homedir(), '.cache/auralink/python/fuzz');

/** What would end the run. */
const EXCLUDED = ['deleteOrganization'];

/** An API key of the demo user's organization that no limit slows down. */
async function createKey({ api, user, password }: StartupInfo, operatorToken: string): Promise<string> {
  const client = createApiClient(api);
  const login = await client.send('POST', '/api/v1/auth/login', { body: { email: user, password } });
  const token = login.body.accessToken as string;
  const { body: holder } = await client.send('GET', '/api/v1/auth/whoami', { token });
  const limited = await client.send('PUT', `/api/v1/operator/organizations/${holder.organizationId}/limits`, {
    token: operatorToken,
    body: { limits: { api: 1_000_000, organization: 1_000_000 } },
  });
  if (limited.status !== 200) throw new Error(`setting limits was answered with ${limited.status}`);
  const key = await client.send('POST', '/api/v1/api-keys', {
    token,
    body: { name: 'Fuzzing', scopes: ['admin'], requestsPerMinute: 10_000 },
  });
  return key.body.secret as string;
}

function runSchemathesis(dir: string, api: string, key: string): Promise<number | null> {
  const args = ['-c', 'from schemathesis.cli import schemathesis; schemathesis()', 'run'];
  args.push(`${api}/openapi.json`, '--url', api, '--header', `Authorization: Bearer ${key}`);
  args.push(
    '--checks',
    'not_a_server_error',
    '--continue-on-failure',
    '--phases',
    'examples,coverage,fuzzing',
  );
  args.push('--generation-with-security-parameters', 'false');
  args.push('--seed', String(SEED), '--max-time', String(MAX_SECONDS), '--generation-database', 'none');
  args.push('--request-timeout', '30', '--no-color');
  for (const operation of EXCLUDED) args.push('--exclude-operation-id', operation);
  const child = spawn('python3', args, {
    // It keeps files where it runs.
    cwd: dir,
    stdio: 'inherit',
    // The bound above counts what is sent; this one ends whatever hangs.
    timeout: (MAX_SECONDS + 60) * 1000,
    env: { ...process.env, PYTHONPATH: PACKAGES, PYTHONDONTWRITEBYTECODE: '1' },
  });
  return new Promise((resolve) => child.once('close', resolve));
}

const installed = spawnSync(
  join(ROOT, '.ci/python-packages'),
  ['fuzz', join(ROOT, 'test/clients/fuzz-requirements.txt')],
  { stdio: 'inherit' },
);
if (installed.status !== 0) throw new Error('the packages could not be installed');
const dir = await mkdtemp(join(tmpdir(), 'auralink-fuzz-'));
const product = launchProduct({ port: await findFreePort(), dir });
try {
  const startup = await product.ready();
  const secrets = JSON.parse(await readFile(join(dir, 'secrets.json'), 'utf8')) as { OPERATOR_TOKEN: string };
  process.exitCode =
    (await runSchemathesis(dir, startup.api, await createKey(startup, secrets.OPERATOR_TOKEN))) ?? 1;
} finally {
  await product.stop();
  await rm(dir, { recursive: true, force: true });
}
