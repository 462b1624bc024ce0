import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { BenchRow } from './kit/report.ts';
import {
  bitsOfCall,
  type LimitedCall,
  type LimitedCalls,
  PHASES,
  type PhaseFigures,
} from './worlds/limited-phases.ts';

const run = promisify(execFile);
const NAMESPACE = 'auralink-bench';
const WORLD = join(import.meta.dirname, 'worlds/limited-call.ts');

const describePhase = ({ frozenSeconds, freezes, frames, sentBps }: PhaseFigures) =>
  `${frozenSeconds.toFixed(1)} s in ${freezes} freezes, ${frames} frames, ${Math.round(sentBps / 1_000)} kbit/s`;
const describe = (call: LimitedCall) =>
  PHASES.map(({ name }) => `${name} ${describePhase(call[name])}`).join('; ');

/** Over the whole call. */
const secondsFrozen = (call: LimitedCall) =>
  PHASES.reduce((sum, { name }) => sum + call[name].frozenSeconds, 0);
const freezesOf = (call: LimitedCall) => PHASES.reduce((sum, { name }) => sum + call[name].freezes, 0);
const framesOf = (call: LimitedCall) => PHASES.reduce((sum, { name }) => sum + call[name].frames, 0);
const megabits = (call: LimitedCall) => bitsOfCall(call) / 1e6;

/** Runs the calls in a network of their own, whose uplink is limited by the kernel. @throws without the rights of root */
async function measure(): Promise<LimitedCalls> {
  await run('ip', ['netns', 'add', NAMESPACE]);
  const inside = (...command: string[]) =>
    run('ip', ['netns', 'exec', NAMESPACE, ...command], { maxBuffer: 16 * 1024 * 1024 });
  try {
    await inside('ip', 'link', 'set', 'lo', 'up');
    const { stdout } = await inside(process.execPath, '--no-warnings', WORLD);
    return JSON.parse(stdout) as LimitedCalls;
  } finally {
    await run('ip', ['netns', 'delete', NAMESPACE]);
  }
}

const network = 'an uplink of 3 Mbit/s for 60 s, 400 kbit/s for 30 s, then 3 Mbit/s for 90 s';
const total = (call: LimitedCall) =>
  `${secondsFrozen(call).toFixed(1)} s in ${freezesOf(call)} freezes, ${framesOf(call)} frames, ${megabits(call).toFixed(1)} Mbit`;

/** What recommendations change for a call whose uplink falls to 400 kbit/s for half a minute and recovers. */
export async function benchCallNetwork(): Promise<BenchRow[]> {
  const { off, adaptive, capped } = await measure();
  return [
    {
      what: `calls: ${network}, by the recommendations and without`,
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
    {
      what: 'calls: the same at the same bits, by the recommendations and by a limit that holds from the beginning to the end',
      measured: `followed: ${total(adaptive)}. With a limit of ${Math.round(capped.videoLimitBps / 1_000)} kbit/s of video: ${total(capped)} (${describe(capped)})`,
      // A video that is not sent does not freeze.
      target: 'fewer freezes at no more bits, and no fewer frames',
      holds:
        freezesOf(adaptive) < freezesOf(capped) &&
        megabits(adaptive) <= megabits(capped) * 1.05 &&
        framesOf(adaptive) >= framesOf(capped) * 0.95,
      figures: {
        followed: [secondsFrozen(adaptive), freezesOf(adaptive), framesOf(adaptive), megabits(adaptive)],
        limited: [secondsFrozen(capped), freezesOf(capped), framesOf(capped), megabits(capped)],
      },
    },
  ];
}
