import { type Frame } from 'node-av/lib';
import { PacketDecoder, readLuma } from '../media/pictures.ts';
import { openDecoder, openRecording, readFramesFrom, type Recording } from '../media/recording.ts';
import { computeSsim, type LumaPlane } from '../media/ssim.ts';
import { Refusal } from '../processes/serve-requests.ts';
import type { VideoTask } from './object-messages.ts';
import { planSamples, type Probe, type SamplePlan, type SettingRange, solveSetting } from './search.rules.ts';
import { createVideoEncoder, CRF_RANGES, receivePackets } from './video-encoder.ts';

/** How far the second probe is from the first. */
const STEP = { av1: 10, h264: 6 } as const;
const DECODERS = { av1: 'libdav1d', h264: 'h264' } as const;

const copyLuma = (frame: Frame): LumaPlane => {
  const luma = readLuma(frame);
  return { ...luma, data: Uint8Array.from(luma.data.subarray(0, luma.stride * luma.height)) };
};

/** Encodes some frames and measures what a player would see of them. */
async function measure(
  task: VideoTask,
  setting: number,
  frames: readonly Frame[],
  { video }: Recording,
): Promise<number> {
  const decoder = await openDecoder(video);
  const encoder = await createVideoEncoder(task, setting, { decoder, stream: video });
  const check = new PacketDecoder(DECODERS[task.codec]);
  const originals = new Map(frames.map((frame, i) => [i, copyLuma(frame)]));
  let compared = 0;
  let total = 0;
  const take = async () => {
    for await (const packet of receivePackets(encoder)) {
      const seen = await check.decode(packet.data!);
      packet.free();
      if (seen) total += computeSsim(originals.get(compared++)!, readLuma(seen));
    }
  };
  try {
    for (const [i, frame] of frames.entries()) {
      const copy = frame.clone()!;
      copy.pts = frames[0]!.pts + (frames[Math.min(1, frames.length - 1)]!.pts - frames[0]!.pts) * BigInt(i);
      await encoder.encode(copy);
      copy.free();
      await take();
    }
    await encoder.flush();
    await take();
    for await (const seen of check.flush()) total += computeSsim(originals.get(compared++)!, readLuma(seen));
    return total / compared;
  } finally {
    encoder.close();
    decoder.close();
    check.close();
  }
}

async function readSegment(
  input: string,
  atSeconds: number,
  count: number,
): Promise<{ recording: Recording; frames: Frame[] }> {
  const recording = await openRecording(input);
  const frames: Frame[] = [];
  for await (const frame of readFramesFrom(recording, atSeconds)) {
    frames.push(frame);
    if (frames.length === count) break;
  }
  if (frames.length === 0) throw new Refusal('the video ends before its container says so');
  return { recording, frames };
}

function planFor({ facts }: Recording): SamplePlan | undefined {
  return planSamples(Math.floor(facts.durationSeconds * facts.fps));
}

/** On the side of the first probe on which the target lies. */
function chooseSecond({ codec, minSsim }: VideoTask, range: SettingRange, ssim: number): number {
  const second = range.first + (ssim > minSsim ? -1 : 1) * STEP[codec];
  return Math.min(range.highest, Math.max(range.lowest, second));
}

export interface ChosenSetting {
  setting: number;
  probes: number;
}

/**
 * The setting at which the title should reach the SSIM: short segments of it are encoded with two settings each, and a line
 * through the means is solved.
 */
export async function chooseSetting(
  task: VideoTask,
  recording: Recording,
  report: (fraction: number) => void,
): Promise<ChosenSetting> {
  const range = CRF_RANGES[task.codec];
  const plan = planFor(recording);
  if (!plan) return { setting: range.first, probes: 0 };
  const settings: number[] = [range.first];
  const sums = new Map<number, number>();
  for (let i = 0; i < plan.segments; i++) {
    // The last segment must not be cut short by the end.
    const at = ((i + 0.5) / plan.segments) * recording.facts.durationSeconds * 0.95;
    const { recording: part, frames } = await readSegment(task.input, at, plan.frames);
    const measured = new Map<number, number>();
    for (const setting of settings) measured.set(setting, await measure(task, setting, frames, part));
    if (settings.length === 1) {
      const second = chooseSecond(task, range, measured.get(range.first)!);
      settings.push(second);
      measured.set(second, await measure(task, second, frames, part));
    }
    for (const [setting, ssim] of measured) sums.set(setting, (sums.get(setting) ?? 0) + ssim);
    for (const frame of frames) frame.free();
    await part.close();
    report((i + 1) / plan.segments);
  }
  const probes: Probe[] = [...sums].map(([setting, sum]) => ({ setting, ssim: sum / plan.segments }));
  return { setting: Math.ceil(solveSetting(probes, task.minSsim, range)), probes: plan.segments * 2 };
}
