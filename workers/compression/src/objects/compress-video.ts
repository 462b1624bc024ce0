import { rename, stat } from 'node:fs/promises';
import * as constants from 'node-av/constants';
import { openRecording, type Recording } from '../media/recording.ts';
import { Refusal } from '../processes/serve-requests.ts';
import { chooseSetting } from './choose-crf.ts';
import { encodeVideo } from './encode-video.ts';
import type { CompressedObject, KeptReason, Stage, TaskProgress, VideoTask } from './object-messages.ts';
import type { Probe } from './search.rules.ts';
import { choosePreset, chooseRepeat } from './title.rules.ts';
import { CRF_RANGES, toCrf } from './video-encoder.ts';
import { type Verdict, verifyCopy } from './verify-copy.ts';

const FORMATS: readonly number[] = [constants.AV_PIX_FMT_YUV420P, constants.AV_PIX_FMT_YUVJ420P];

class CpuClock {
  #at = process.cpuUsage();
  /** CPU milliseconds of all threads since the last lap. */
  lap(): number {
    const { user, system } = process.cpuUsage(this.#at);
    this.#at = process.cpuUsage();
    return (user + system) / 1_000;
  }
}

function refuseFormats({ video }: Recording): void {
  if (!FORMATS.includes(video.codecpar.format))
    throw new Refusal(
      'only videos with 8 bits in 4:2:0 are compressed; others would lose more than the measures see',
    );
}

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

/** Encodes the recording, until its copy is just what is asked or another would not be worth it. */
async function encodeAndVerify(task: VideoTask, recording: Recording, report: Report) {
  const stage = (name: Stage) => (fraction: number) => report({ stage: name, fraction });
  const clock = new CpuClock();
  stage('searching')(0);
  const chosen = await chooseSetting(task, recording, stage('searching'));
  const cpuMs = { search: clock.lap(), encode: 0, verify: 0 };
  const copies: Copy[] = [];
  let best: Copy | undefined;
  for (let setting: number | undefined = chosen.setting; setting !== undefined;) {
    await encodeVideo({ ...task, output: nextCopy(task) }, setting, stage('encoding'));
    const encodeMs = clock.lap();
    const verdict = await verifyCopy(task.input, nextCopy(task), stage('verifying'));
    cpuMs.verify += clock.lap();
    const { size: bytes } = await stat(nextCopy(task));
    const copy: Copy = { setting, ssim: verdict.quality.ssim, verdict, bytes, cpuMs: encodeMs };
    copies.push(copy);
    best = await keepBetter(task, best, copy);
    setting = verdict.difference
      ? undefined
      : chooseRepeat(copies, task.minSsim, encodeMs, CRF_RANGES[task.codec]);
  }
  cpuMs.encode = best!.cpuMs;
  // Copies that are not kept have become probes.
  for (const copy of copies) if (copy !== best) cpuMs.search += copy.cpuMs;
  return { best: best!, probes: chosen.probes + copies.length - 1, cpuMs };
}

type Report = (progress: TaskProgress) => void;

/**
 * Finds the setting of the title, encodes it, and compares the copy with the original in full. A copy that misses the asked
 * quality, or is far better than asked, is encoded once more.
 */
export async function compressVideo(asked: VideoTask, report: Report): Promise<CompressedObject> {
  const recording = await openRecording(asked.input);
  refuseFormats(recording);
  const { durationSeconds, width, height, fps } = recording.facts;
  const preset = asked.preset || choosePreset(width * height, durationSeconds * fps);
  const task = { ...asked, preset: asked.codec === 'av1' ? preset : 0 };
  const { best, probes, cpuMs } = await encodeAndVerify(task, recording, report);
  await recording.close();
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
