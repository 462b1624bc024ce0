import { execFile } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { requireOwnHosts } from '../../workers/ops/environments.ts';

/** Runs a command that must fail, and returns its stderr. */
function runRefusedCommand(
  script: string,
  args: string[] = [],
  env: Record<string, string> = {},
): Promise<string> {
  const { DATABASE_URL: _, ...rest } = process.env;
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      ['--no-warnings', `workers/ops/${script}.ts`, ...args],
      { env: { ...rest, ...env } },
      (error, _stdout, stderr) => (error ? resolve(stderr) : reject(new Error('the command succeeded'))),
    );
  });
}

describe('a command that cannot run says why in one line', () => {
  it.each([
    ['deploy', [], {}, '--env must be one of staging, production'],
    ['deploy', ['--env', 'test'], {}, '--env must be one of staging, production'],
    [
      'deploy',
      ['--env', 'staging'],
      {},
      'DATABASE_URL names the database of staging to migrate; it is not set',
    ],
    ['deploy', ['--env', 'production', '--dry-run'], {}, 'of production still name an .example host'],
    [
      'deploy',
      ['--env', 'staging'],
      { DATABASE_URL: 'postgres://a@db.example/x' },
      'PUBLIC_URL, CORS_ORIGINS, APP_URL, MAIL_FROM, MAIL_API_URL, LIVEKIT_URL of staging still name an .example host',
    ],
    ['migrate', [], {}, 'DATABASE_URL names the database to migrate; it is not set'],
    ['migrate', [], { DATABASE_URL: 'mysql://x/y' }, 'DATABASE_URL must be a URL of the form postgres://'],
    [
      'migrate',
      [],
      { DATABASE_URL: 'postgres://a@db.example/x?sslmode=require' },
      'DATABASE_URL asks for TLS',
    ],
  ])('%s %j %j', async (script, args, env, reason) => {
    const output = await runRefusedCommand(script, args, Object.fromEntries(Object.entries(env)));
    expect(output).toContain(reason);
    expect(output.trim().split('\n')).toHaveLength(1);
  });
});

/** The key that the command prints, without what it says on stderr. */
function generateKey(kind: string): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(process.execPath, ['--no-warnings', 'workers/ops/keys.ts', kind], (error, stdout) =>
      error ? reject(error) : resolve(stdout.trim()),
    );
  });
}

it.each(['signing', 'encryption'])('two %s keys of one day have different ids', async (kind) => {
  const ids = (await Promise.all([generateKey(kind), generateKey(kind)])).map((key) => key.split(':')[0]);
  expect(ids[0]).toMatch(/^k\d{8}-[0-9a-f]{6}$/);
  expect(ids[1]).not.toBe(ids[0]);
});

it.each([
  ['https://api.auralink.example', true],
  ['AuraLink <no-reply@mail.auralink.example>', true],
  ['https://a.test,https://b.example:8443', true],
  ['https://api.example.com', false],
  ['https://my.example-shop.test', false],
])('a deployment with %s as a variable is refused: %s', (value, isRefused) => {
  const check = () =>
    requireOwnHosts({ name: 'auralink', main: 'index.ts', vars: { PUBLIC_URL: value } }, 'staging');
  if (isRefused) expect(check).toThrow('PUBLIC_URL of staging still names an .example host');
  else expect(check).not.toThrow();
});
