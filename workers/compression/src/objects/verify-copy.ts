import { FilterComplexAPI } from 'node-av/api';
import type { Frame } from 'node-av/lib';
import { readLuma } from '../media/pictures.ts';
import { openRecording, readFrames, type Recording, secondsOf } from '../media/recording.ts';
import { computeSsim } from '../media/ssim.ts';
import type { Verdict } from './object-messages.ts';

/** The sound that codecs add at its ends. */
const SOUND_TOLERANCE_SECONDS = 0.15;
const XPSNR_KEY = 'lavfi.xpsnr.xpsnr.y';

/** XPSNR of luma, from pairs of frames in order, as FFmpeg's filter computes it. */
class XpsnrMeter {
  #filter = FilterComplexAPI.create('[copy][original]xpsnr[out]', {
    inputs: [{ label: 'copy' }, { label: 'original' }],
    outputs: [{ label: 'out' }],
    framerate: { num: 25, den: 1 },
  });
  #count = 0;
  /** Mean of the roots of the weighted errors, as the filter computes it. */
  #sum = 0;

  async add(copy: Frame, original: Frame): Promise<void> {
    for (const [label, frame] of [
      ['copy', copy],
      ['original', original],
    ] as const) {
      const numbered = frame.clone()!;
      numbered.pts = BigInt(this.#count);
      numbered.timeBase = { num: 1, den: 25 } as never;
      await this.#filter.process(label, numbered);
      numbered.free();
    }
    this.#count++;
    for (;;) {
      const out = await this.#filter.receive('out');
      if (!out || !('width' in out)) return;
      const value = Number(out.getMetadata().get(XPSNR_KEY));
      this.#sum += Number.isFinite(value) ? 10 ** (-value / 20) : 0;
      out.free();
    }
  }

  end(): number {
    this.#filter.close();
    return this.#sum === 0 ? 100 : Math.min(100, -20 * Math.log10(this.#sum / this.#count));
  }
}

/** Seconds of sound that can really be decoded. */
async function measureSound(path: string): Promise<number> {
  const recording = await openRecording(path);
  let seconds = 0;
  try {
    if (recording.audio)
      for await (const frame of readFrames(recording, recording.audio)) {
        seconds += frame.nbSamples / frame.sampleRate;
        frame.free();
      }
    return seconds;
  } finally {
    await recording.close();
  }
}

async function comparePictures(
  original: Recording,
  copy: Recording,
  report: (fraction: number) => void,
): Promise<Verdict> {
  const total = Math.max(1, original.facts.durationSeconds * original.facts.fps);
  const copies = readFrames(copy, copy.video);
  const meter = new XpsnrMeter();
  const result = { sum: 0, lowest: 1, frames: 0, lastSeconds: [0, 0] };
  let difference: string | undefined;
  for await (const frame of readFrames(original, original.video)) {
    const { value: seen } = await copies.next();
    if (!seen) difference = `the copy has ${result.frames} frames, the original more`;
    else if (seen.width !== frame.width || seen.height !== frame.height)
      difference = 'the copy has another size';
    else {
      const ssim = computeSsim(readLuma(frame), readLuma(seen));
      result.sum += ssim;
      result.lowest = Math.min(result.lowest, ssim);
      result.frames++;
      result.lastSeconds = [secondsOf(frame, original), secondsOf(seen, copy)];
      await meter.add(seen, frame);
    }
    frame.free();
    seen?.free();
    if (difference) break;
    if (result.frames % 24 === 0) report(Math.min(1, result.frames / total));
  }
  const { value: extra } = await copies.next();
  if (extra) difference ??= 'the copy has more frames than the original';
  const [lastOriginal, lastCopy] = result.lastSeconds as [number, number];
  if (Math.abs(lastOriginal - lastCopy) > 0.05)
    difference ??= `the last frame comes at ${lastCopy} s, not ${lastOriginal}`;
  const ssim = result.frames ? result.sum / result.frames : 0;
  return {
    quality: { ssim, lowestSsim: result.lowest, xpsnr: meter.end(), frames: result.frames },
    difference,
  };
}

/** Decodes the copy and the original in full and compares each frame, the times, the sound and the streams. */
export async function verifyCopy(
  originalPath: string,
  copyPath: string,
  report: (fraction: number) => void,
): Promise<Verdict> {
  const [original, copy] = await Promise.all([openRecording(originalPath), openRecording(copyPath)]);
  try {
    const verdict = await comparePictures(original, copy, report);
    if (Boolean(original.audio) !== Boolean(copy.audio)) verdict.difference ??= 'the copy has other streams';
    else if (original.audio) {
      const [before, after] = [await measureSound(originalPath), await measureSound(copyPath)];
      if (Math.abs(before - after) > SOUND_TOLERANCE_SECONDS)
        verdict.difference ??= `the copy has ${after.toFixed(2)} s of sound, the original ${before.toFixed(2)}`;
    }
    return verdict;
  } finally {
    await Promise.all([original.close(), copy.close()]);
  }
}
