import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { busyMs, compressedBytes } from '../../workers/ops/bundle.ts';

describe('the gates of a deployment', () => {
  it('count the modules after gzip, without maps and notes', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'auralink-bundle-'));
    await writeFile(join(folder, 'index.js'), 'x'.repeat(10_000));
    const code = await compressedBytes({ folder, form: '' });
    expect(code).toBeLessThan(200);
    await writeFile(join(folder, 'index.js.map'), crypto.getRandomValues(new Uint8Array(5_000)));
    expect(await compressedBytes({ folder, form: '' })).toBe(code);
    await rm(folder, { recursive: true });
  });

  it('count the time a start keeps the processor busy, not the time it waits', () => {
    const profile = {
      nodes: [
        { id: 1, callFrame: { functionName: '(idle)' } },
        { id: 2, callFrame: { functionName: 'build' } },
        { id: 3, callFrame: { functionName: '(garbage collector)' } },
      ],
      samples: [1, 2, 3, 1],
      timeDeltas: [5_000, 20_000, 3_000, 9_000],
    };
    expect(busyMs(profile)).toBe(23);
  });
});
