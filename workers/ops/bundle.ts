import { execFile } from 'node:child_process';
import { readdir, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { CommandError } from '../local/command-error.ts';

const execFileAsync = promisify(execFile);
const WRANGLER = join(
  dirname(createRequire(import.meta.url).resolve('wrangler/package.json')),
  'wrangler-dist/cli.js',
);

/** Compressed size that the platform loads; its own limit is 10 MB on a paid plan, 3 MB on a free one. */
export const SIZE_LIMIT_BYTES = 2_000_000;
/**
 * CPU time of evaluating the modules, before the first request; the platform refuses a Worker above 1 s. Beside other programs even
 * the least of several starts is measured up to half longer than alone.
 */
export const STARTUP_LIMIT_MS = 350;
const STARTUP_RUNS = 5;

/** The command line that runs wrangler with this Node. */
export const wranglerCommand = (...args: string[]): [string, string[]] => [
  process.execPath,
  ['--no-warnings', WRANGLER, ...args],
];

/** Runs wrangler to its end. @throws CommandError with what it printed */
async function runWrangler(root: string, ...args: string[]): Promise<void> {
  const [command, rest] = wranglerCommand(...args);
  try {
    await execFileAsync(command, rest, {
      cwd: root,
      env: { ...process.env, WRANGLER_SEND_METRICS: 'false', NO_COLOR: '1', FORCE_COLOR: '0' },
    });
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    throw new CommandError(`wrangler ${args[0]} failed\n${stdout}${stderr}`.trimEnd());
  }
}

export interface Bundle {
  /** The files as they are uploaded. */
  folder: string;
  /** The same as one upload form. */
  form: string;
}

/** Bundles the Worker by the configuration of an environment into `dist/`, without deploying it. */
export async function buildBundle(root: string, environment: string, config: string): Promise<Bundle> {
  const folder = join(root, 'dist', environment);
  const form = join(root, 'dist', `${environment}.bundle`);
  await rm(folder, { recursive: true, force: true });
  // The image of the container is built by the deployment itself, which needs Docker; the bundle does without.
  const dryRun = ['--dry-run', '--containers-rollout=none'];
  await runWrangler(root, 'deploy', '--config', config, ...dryRun, '--outdir', folder, '--outfile', form);
  return { folder, form };
}

/** The size of all its modules after gzip; source maps and notes are not uploaded as code. */
export async function compressedBytes({ folder }: Bundle): Promise<number> {
  const names = (await readdir(folder)).filter((name) => !name.endsWith('.map') && !name.endsWith('.md'));
  const sizes = await Promise.all(
    names.map(async (name) => gzipSync(await readFile(join(folder, name))).length),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

interface CpuProfile {
  nodes: { id: number; callFrame: { functionName: string } }[];
  samples: number[];
  /** Microseconds since the sample before. */
  timeDeltas: number[];
}

/** The time in which the profiled thread was not idle. */
export function busyMs({ nodes, samples, timeDeltas }: CpuProfile): number {
  const idle = new Set(
    nodes.filter((node) => node.callFrame.functionName === '(idle)').map((node) => node.id),
  );
  const micros = timeDeltas.reduce((sum, delta, i) => (idle.has(samples[i] ?? -1) ? sum : sum + delta), 0);
  return micros / 1000;
}

/**
 * CPU time of the bundle's start in the Workers runtime: the least of several starts, each profiled. The profile counts
 * what passes while other programs have the processor, so all but the smallest depend on the machine.
 */
export async function startupMs(root: string, { form }: Bundle): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < STARTUP_RUNS; i++) {
    const file = `${form}.${i}.cpuprofile`;
    await runWrangler(root, 'check', 'startup', '--worker', form, '--outfile', file);
    times.push(busyMs(JSON.parse(await readFile(file, 'utf8')) as CpuProfile));
    await rm(file);
  }
  return Math.min(...times);
}
