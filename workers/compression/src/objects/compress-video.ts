import { rename, stat } from 'node:fs/promises';
import { chooseSetting } from './choose-crf.ts';
import type {
  CompressedObject,
  KeptReason,
  RecordingFacts,
  Stage,
  TaskProgress,
  Verdict,
  VideoTask,
} from './object-messages.ts';
import type { Probe } from './search.rules.ts';
import type { ObjectProcess } from './object-process.ts';
import { choosePreset, chooseRepeat, CRF_RANGES, toCrf } from './title.rules.ts';

type Report = (progress: TaskProgress) => void;

function judge(task: VideoTask, { quality, difference }: Verdict, sizes: { original: number; copy: number }) {
  const keep = (reason: KeptReason, detail: string) => ({ reason, detail });
  if (difference) return keep('copy_differs', difference);
  if (quality.ssim < task.minSsim) return keep('quality_not_reached', `SSIM ${quality.ssim.toFixed(4)}`);
  if (quality.xpsnr < task.minXpsnr)
    return keep('quality_not_reached', `XPSNR ${quality.xpsnr.toFixed(2)} dB`);
  if (sizes.copy >= sizes.original) return keep('not_smaller', `${sizes.copy} bytes`);
  return undefined;
}

/** One encoding of the whole recording. */
interface Copy extends Probe {
  verdict: Verdict;
  bytes: number;
  cpuMs: number;
}

const nextCopy = ({ output }: VideoTask) => `${output}.next`;
const reaches = ({ minSsim }: VideoTask, { verdict, ssim }: Copy) => !verdict.difference && ssim >= minSsim;

/** Keeps the better of two copies as the output: the smaller one that reaches the quality, otherwise the newer. */
async function keepBetter(task: VideoTask, kept: Copy | undefined, next: Copy): Promise<Copy> {
  if (kept && reaches(task, kept) && !(reaches(task, next) && next.bytes < kept.bytes)) return kept;
  await rename(nextCopy(task), task.output);
  return next;
}

/** Encodes the recording until the copy just reaches the requested quality, or another one would not be worth it. */
async function encodeAndVerify(
  task: VideoTask,
  facts: RecordingFacts,
  process: ObjectProcess,
  report: Report,
) {
  const cpuMs = { search: 0, encode: 0, verify: 0 };
  const stage = (name: Stage) => (fraction: number) => report({ stage: name, fraction });
  stage('searching')(0);
  const chosen = await chooseSetting(
    task,
    facts,
    async (probe) => {
      const measured = await process.ask({ type: 'measure', ...probe });
      cpuMs.search += measured.cpuMs;
      return measured.value;
    },
    stage('searching'),
  );
  const copies: Copy[] = [];
  let best: Copy | undefined;
  for (let setting: number | undefined = chosen.setting; setting !== undefined;) {
    const video = { ...task, output: nextCopy(task) };
    const encoded = await process.ask({ type: 'encode', video, setting }, report);
    const verified = await process.ask({ type: 'verify', original: task.input, copy: video.output }, report);
    cpuMs.verify += verified.cpuMs;
    const verdict = verified.value;
    const { bytes } = encoded.value;
    const copy: Copy = { setting, ssim: verdict.quality.ssim, verdict, bytes, cpuMs: encoded.cpuMs };
    copies.push(copy);
    best = await keepBetter(task, best, copy);
    setting = verdict.difference
      ? undefined
      : chooseRepeat(copies, task.minSsim, copy.cpuMs, CRF_RANGES[task.codec]);
  }
  cpuMs.encode = best!.cpuMs;
  // Copies that are not kept have become probes.
  for (const copy of copies) if (copy !== best) cpuMs.search += copy.cpuMs;
  return { best: best!, probes: chosen.probes + copies.length - 1, cpuMs };
}

/**
 * Finds the setting of the title, encodes it, and compares the copy with the original in full. A copy that misses the asked
 * quality, or is far better than asked, is encoded once more.
 */
export async function compressVideo(
  asked: VideoTask,
  process: ObjectProcess,
  report: Report,
): Promise<CompressedObject> {
  const facts = await process.ask({ type: 'inspect', input: asked.input });
  const { durationSeconds, width, height, fps } = facts;
  const preset = asked.preset || choosePreset(width * height, durationSeconds * fps);
  const task = { ...asked, preset: asked.codec === 'av1' ? preset : 0 };
  const { best, probes, cpuMs } = await encodeAndVerify(task, facts, process, report);
  const { size: original } = await stat(task.input);
  const { verdict, setting, bytes } = best;
  return {
    kept: judge(task, verdict, { original, copy: bytes }),
    bytes,
    contentType: `video/${task.container}`,
    codec: task.codec === 'av1' ? 'svt-av1' : 'x264',
    preset: task.preset,
    setting: toCrf(setting),
    quality: verdict.quality,
    durationSeconds,
    width,
    height,
    cpuMs,
    probes,
  };
}
