import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { BenchRow } from './kit/report.ts';
import type { LimitedCall, PhaseFigures } from './worlds/limited-call.ts';

const run = promisify(execFile);
const NAMESPACE = 'auralink-bench';
const WORLD = join(import.meta.dirname, 'worlds/limited-call.ts');

const describePhase = ({ frozenSeconds, freezes, frames, sentBps }: PhaseFigures) =>
  `${frozenSeconds.toFixed(1)} s in ${freezes} freezes, ${frames} frames, ${Math.round(sentBps / 1_000)} kbit/s`;
const describe = ({ narrow, recovered }: LimitedCall) =>
  `narrow ${describePhase(narrow)}; recovered ${describePhase(recovered)}`;

/** Runs the calls in a network of their own, whose uplink is limited by the kernel. @throws without the rights of root */
async function measure(): Promise<Record<'off' | 'adaptive', LimitedCall>> {
  await run('ip', ['netns', 'add', NAMESPACE]);
  const inside = (...command: string[]) =>
    run('ip', ['netns', 'exec', NAMESPACE, ...command], { maxBuffer: 16 * 1024 * 1024 });
  try {
    await inside('ip', 'link', 'set', 'lo', 'up');
    const { stdout } = await inside(process.execPath, '--no-warnings', WORLD, 'off', 'adaptive');
    return JSON.parse(stdout) as Record<'off' | 'adaptive', LimitedCall>;
  } finally {
    await run('ip', ['netns', 'delete', NAMESPACE]);
  }
}

/** What recommendations change for a call whose uplink falls to 400 kbit/s for half a minute and recovers. */
export async function benchCallNetwork(): Promise<BenchRow[]> {
  const { off, adaptive } = await measure();
  return [
    {
      what: 'calls: an uplink of 400 kbit/s for 30 s, then 3 Mbit/s for 90 s, by the recommendations and without',
      measured: `followed: ${describe(adaptive)}. Without: ${describe(off)}`,
      target: 'frozen no longer for no more bits while it is narrow, and moving after',
      holds:
        adaptive.narrow.frozenSeconds <= off.narrow.frozenSeconds &&
        adaptive.narrow.sentBps <= off.narrow.sentBps &&
        adaptive.recovered.frames >= 90 * 10,
      figures: {
        followed: [adaptive.narrow.frozenSeconds, adaptive.narrow.sentBps, adaptive.recovered.frames],
        without: [off.narrow.frozenSeconds, off.narrow.sentBps, off.recovered.frames],
      },
    },
  ];
}
