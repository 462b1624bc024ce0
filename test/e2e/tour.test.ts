import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { ROOT } from './support/launch.ts';
import { api, mails } from './support/product.ts';

const run = promisify(execFile);
/** The shell blocks of the tour, in order, pointed at the running product. */
async function tourScript(): Promise<string> {
  const readme = await readFile(join(ROOT, 'README.md'), 'utf8');
  const tour = /^## Five-minute tour$(.*?)^## /ms.exec(readme)?.[1] ?? '';
  const blocks = [...tour.matchAll(/^```bash\n(.*?)^```$/gms)].map((match) => match[1] ?? '');
  expect(blocks.length).toBeGreaterThanOrEqual(7);
  return ['set -euo pipefail', ...blocks]
    .join('\n')
    .replaceAll('http://localhost:8787', api)
    .replaceAll('http://localhost:8788', mails);
}

describe("the README's tour", () => {
  let output: string;

  beforeAll(async () => {
    output = (await run('bash', ['-c', await tourScript()])).stdout;
  });

  it('signs up with a first organization', () => {
    expect(output).toMatch(/"kind":"user".*"role":"owner"/);
  });

  it('renames the organization once, and is refused with the version it saw before', () => {
    expect(output).toMatch(/"name":"Northwind Traders".*\n200\n.*"code":"request\.stale".*\n412/);
  });

  it('brings in a colleague through the mail', () => {
    expect(output).toMatch(/"name":"A Colleague"/);
  });

  it('meets the limit of its key at the sixth call', () => {
    expect(output).toContain('200 200 200 200 200 429');
  });

  it('shows what the plan allows, what is used, and where to buy another plan', () => {
    expect(output).toMatch(/"plan":"free"/);
    expect(output).toMatch(/^http:\/\/localhost:\d+\/checkout\/cs_test_/m);
  });

  it('reads the file back that it uploaded', () => {
    expect(output).toMatch(/^Notes of the call$/m);
  });

  it('finds in the audit log what it did', () => {
    for (const action of [
      'organization.created',
      'organization.updated',
      'invitation.created',
      'api_key.created',
    ])
      expect(output).toMatch(new RegExp(`^\\S+ user ${action}$`, 'm'));
  });

  it("does not find another organization's data", () => {
    expect(output).toMatch(/"code":"organizations\.not_found".*\n404\n$/);
  });
});
