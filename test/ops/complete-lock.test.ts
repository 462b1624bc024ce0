import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { completeLock, type LockedPackages } from '../../workers/ops/complete-lock.ts';

describe('completing the lock file', () => {
  it('adds the packages of other platforms beside the one that is locked', () => {
    const packages: LockedPackages = {
      'node_modules/a/node_modules/tool': {
        version: '1.0.0',
        dev: true,
        optionalDependencies: { '@tool/linux-x64-gnu': '1.0.0', '@tool/darwin-arm64': '1.0.0' },
      },
      'node_modules/a/node_modules/@tool/linux-x64-gnu': { version: '1.0.0', optional: true },
    };
    expect(completeLock(packages)).toEqual(['node_modules/a/node_modules/@tool/darwin-arm64']);
    expect(packages['node_modules/a/node_modules/@tool/darwin-arm64']).toEqual({
      version: '1.0.0',
      dev: true,
      optional: true,
      cpu: ['arm64'],
      os: ['darwin'],
    });
    expect(completeLock(packages)).toEqual([]);
  });

  it('leaves optional packages alone that are for every platform', () => {
    const packages: LockedPackages = {
      'node_modules/pg': { version: '8.0.0', optionalDependencies: { 'pg-cloudflare': '^1.2.0' } },
    };
    expect(completeLock(packages)).toEqual([]);
  });
});

interface LockEntry {
  integrity?: string;
  optional?: boolean;
  os?: string[];
  cpu?: string[];
  libc?: string[];
}

it('every locked package has an integrity hash, but optional ones of platforms that no build of ours uses', async () => {
  const lock = JSON.parse(await readFile('package-lock.json', 'utf8')) as {
    packages: Record<string, LockEntry>;
  };
  const entries = Object.entries(lock.packages).filter(([path]) => path !== '');
  const without = entries.filter(([, { integrity }]) => !integrity);
  const isOurs = ({ os = ['linux'], cpu = ['x64'], libc = ['glibc'] }: LockEntry) =>
    os.includes('linux') && libc.includes('glibc') && (cpu.includes('x64') || cpu.includes('arm64'));
  expect(
    without.filter(([, entry]) => entry.optional !== true || isOurs(entry)).map(([path]) => path),
  ).toEqual([]);
  expect(entries.length - without.length).toBeGreaterThan(400);
});
