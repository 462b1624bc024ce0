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
