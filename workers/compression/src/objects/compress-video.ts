import { stat } from 'node:fs/promises';
import * as constants from 'node-av/constants';
import { openRecording, type Recording } from '../media/recording.ts';
import { Refusal } from '../processes/serve-requests.ts';
import { chooseSetting } from './choose-crf.ts';
import { encodeVideo } from './encode-video.ts';
import type { CompressedObject, KeptReason, Stage, TaskProgress, VideoTask } from './object-messages.ts';
import { solveSetting } from './search.rules.ts';
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

interface Attempts {
  setting: number;
  probes: number;
  verdict: Verdict;
  cpuMs: CompressedObject['cpuMs'];
}

/** The setting above one that missed the quality, by what the copy's own measure taught. */
function raiseSetting(task: VideoTask, setting: number, ssim: number): number {
  const range = CRF_RANGES[task.codec];
  const solved = Math.ceil(solveSetting([{ setting, ssim }], task.minSsim, range));
  return Math.min(range.highest, Math.max(setting + 1, solved));
}

async function encodeAndVerify(task: VideoTask, recording: Recording, report: Report): Promise<Attempts> {
  const stage = (name: Stage) => (fraction: number) => report({ stage: name, fraction });
  const clock = new CpuClock();
  const cpuMs = { search: 0, encode: 0, verify: 0 };
  stage('searching')(0);
  let { setting, probes } = await chooseSetting(task, recording, stage('searching'));
  cpuMs.search = clock.lap();
  for (let attempt = 1; ; attempt++) {
    await encodeVideo(task, setting, stage('encoding'));
    cpuMs.encode = clock.lap();
    const verdict = await verifyCopy(task.input, task.output, stage('verifying'));
    cpuMs.verify += clock.lap();
    const { ssim } = verdict.quality;
    const isLast = attempt === 2 || setting >= CRF_RANGES[task.codec].highest;
    if (isLast || verdict.difference || ssim >= task.minSsim) return { setting, probes, verdict, cpuMs };
    cpuMs.search += cpuMs.encode; // it has become a probe
    probes++;
    setting = raiseSetting(task, setting, ssim);
  }
}

type Report = (progress: TaskProgress) => void;

/**
 * Finds the setting of the title, encodes it, and compares the copy with the original in full. A copy just below the asked
 * quality is encoded once more.
 */
export async function compressVideo(task: VideoTask, report: Report): Promise<CompressedObject> {
  const recording = await openRecording(task.input);
  refuseFormats(recording);
  const { durationSeconds, width, height } = recording.facts;
  const { setting, probes, verdict, cpuMs } = await encodeAndVerify(task, recording, report);
  await recording.close();
  const [original, copy] = await Promise.all([stat(task.input), stat(task.output)]);
  return {
    kept: judge(task, verdict, { original: original.size, copy: copy.size }),
    bytes: copy.size,
    contentType: `video/${task.container}`,
    codec: task.codec === 'av1' ? 'svt-av1' : 'x264',
    preset: task.codec === 'av1' ? task.preset : 0,
    setting: toCrf(setting),
    quality: verdict.quality,
    durationSeconds,
    width,
    height,
    cpuMs,
    probes,
  };
}
