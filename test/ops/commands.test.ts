import { execFile } from 'node:child_process';
import { describe, expect, it } from 'vitest';

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
