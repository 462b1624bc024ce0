import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Host } from './support/host.ts';
import { api } from './support/product.ts';
import { openSignedProxy, type SignedProxy } from './support/signed-proxy.ts';

const SUITE = join(
  dirname(createRequire(import.meta.url).resolve('@modelcontextprotocol/conformance/package.json')),
  'dist/index.js',
);

let dir: string;
let proxy: SignedProxy;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'auralink-mcp-'));
  await writeFile(join(dir, 'none.yml'), 'server: []\n');
  const host = await Host.signUp(api);
  const { secret } = await host.callApi('/api-keys', 'POST', {
    name: 'Conformance',
    scopes: ['rooms:read'],
    requestsPerMinute: 10_000,
  });
  proxy = await openSignedProxy(api, secret as string);
});
afterAll(async () => {
  await proxy.close();
  await rm(dir, { recursive: true, force: true });
});

/** Runs what the version requires of a server. @returns the exit code, and what the suite says at its end */
function runSuite(version: string) {
  const args = ['server', '--url', `${proxy.url}/mcp`, '--requirements', version];
  const options = ['--expected-failures', join(dir, 'none.yml'), '-o', join(dir, version)];
  return new Promise<{ code: number; summary: string }>((resolve) => {
    execFile(process.execPath, [SUITE, ...args, ...options], { cwd: dir, maxBuffer: 1e7 }, (error, stdout) =>
      resolve({
        code: error ? Number(error.code ?? 1) : 0,
        summary: stdout.slice(stdout.indexOf('=== SUMMARY')),
      }),
    );
  });
}

it.each([
  ['2025-11-25', 'tools-call-elicitation'],
  ['2026-07-28', 'tools-call-simple-text'],
])('the MCP server passes the public suite of the version %s', async (version, scenario) => {
  const { code, summary } = await runSuite(version);
  expect([code, summary]).toEqual([0, summary]);
  expect(summary).toContain(`✓ ${scenario}`);
});
