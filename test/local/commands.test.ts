import { execFile } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { workerSettings } from '../../workers/local/settings.ts';

/** What a command says on stderr when it refuses. */
function runRefusedCommand(
  script: string,
  args: string[] = [],
  env: Record<string, string> = {},
): Promise<string> {
  const { DATABASE_URL: _, ...rest } = process.env;
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      ['--no-warnings', `workers/local/${script}.ts`, ...args],
      { env: { ...rest, ...env } },
      (error, _stdout, stderr) => (error ? resolve(stderr) : reject(new Error('it did not refuse'))),
    );
  });
}

describe('a command that cannot be carried out says why in one line', () => {
  it.each([
    ['deploy', [], {}, '--env must be one of staging, production'],
    ['deploy', ['--env', 'test'], {}, '--env must be one of staging, production'],
    [
      'deploy',
      ['--env', 'staging'],
      {},
      'DATABASE_URL names the database of staging to migrate; it is not set',
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

describe("the local Worker's settings", () => {
  const env = (values: Record<string, string>) => values as NodeJS.ProcessEnv;

  it('are what the launcher knows, unless the environment says otherwise', () => {
    const own = { PUBLIC_URL: 'http://localhost:9000', MAIL_API_KEY: 'made-at-start' };
    expect(workerSettings(own, env({ PUBLIC_URL: 'https://tunnel.example', HOME: '/root' }))).toEqual({
      PUBLIC_URL: 'https://tunnel.example',
      MAIL_API_KEY: 'made-at-start',
    });
  });

  it('name what is malformed, never its value', () => {
    expect(() => workerSettings({}, env({ LOG_SAMPLE_RATE: 'lots', OPERATOR_TOKEN: 'hunter2' }))).toThrow(
      /^configuration is not valid: LOG_SAMPLE_RATE: (?!.*hunter2).*; OPERATOR_TOKEN: must be at least 32 random bytes/,
    );
  });
});
