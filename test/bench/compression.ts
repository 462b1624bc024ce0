import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import type { BenchRow } from './kit/report.ts';

const FOLDER = 'workers/compression';
const run = promisify(execFile);

/**
 * Measures the compression service, which is a package of its own: its benchmarks print their rows. They fetch pictures and
 * videos out of public packages into the machine's cache, once. Of low priority, because they compute for minutes.
 */
export const benchCompression =
  (name: 'hostile' | 'images' | 'recordings' | 'streams') => async (): Promise<BenchRow[]> => {
    if (!existsSync(`${FOLDER}/node_modules`))
      throw new Error('the compression service is not installed: .ci/compression install');
    const { stdout } = await run(
      'nice',
      ['-n', '10', process.execPath, '--no-warnings', 'bench/main.ts', name, '--json'],
      {
        cwd: FOLDER,
        maxBuffer: 64 * 1024 * 1024,
      },
    );
    return JSON.parse(stdout) as BenchRow[];
  };
