import * as constants from 'node-av/constants';
import type { Frame } from 'node-av/lib';
import { PacketDecoder, readLuma } from '../media/pictures.ts';
import { openDecoder, type Recording, secondsOf } from '../media/recording.ts';
import { computeSsim, type LumaPlane } from '../media/ssim.ts';
import type { MeasuredFrame, VideoTask } from './object-messages.ts';
import { createVideoEncoder, receivePackets } from './video-encoder.ts';

const DECODERS = { av1: 'libdav1d', h264: 'h264' } as const;

const copyLuma = (frame: Frame): LumaPlane => {
  const luma = readLuma(frame);
  return { ...luma, data: Uint8Array.from(luma.data.subarray(0, luma.stride * luma.height)) };
};

/** Compares frames with their encoded versions: one in `every`, although all are decoded. */
class Comparison {
  readonly measured: MeasuredFrame[] = [];
  readonly #originals = new Map<number, { luma: LumaPlane; seconds: number }>();
  readonly #every: number;
  #added = 0;
  #seen = 0;

  constructor(every: number) {
    this.#every = every;
  }

  add(frame: Frame, seconds: number): void {
    const number = this.#added++;
    if (number % this.#every === 0) this.#originals.set(number, { luma: copyLuma(frame), seconds });
  }

  compare(seen: Frame): void {
    const original = this.#originals.get(this.#seen);
    this.#originals.delete(this.#seen++);
    if (!original) return;
    const ssim = computeSsim(original.luma, readLuma(seen));
    this.measured.push({ seconds: original.seconds, ssim });
  }
}

/** Encodes frames with one setting and measures what a player would see of them. The frames stay the caller's. */
export async function measureEncoding(
  task: VideoTask,
  setting: number,
  frames: AsyncIterable<Frame> | Iterable<Frame>,
  recording: Recording,
  every = 1,
): Promise<MeasuredFrame[]> {
  const { video } = recording;
  const decoder = await openDecoder(video);
  const encoder = await createVideoEncoder(task, setting, { decoder, stream: video });
  const check = new PacketDecoder(DECODERS[task.codec]);
  const comparison = new Comparison(every);
  const take = async () => {
    for await (const packet of receivePackets(encoder)) {
      const seen = await check.decode(packet.data!);
      packet.free();
      if (seen) comparison.compare(seen);
    }
  };
  try {
    for await (const frame of frames) {
      comparison.add(frame, secondsOf(frame, recording));
      const copy = frame.clone()!;
      // The copy does not take over the kinds of frames of the original.
      copy.pictType = constants.AV_PICTURE_TYPE_NONE;
      await encoder.encode(copy);
      copy.free();
      await take();
    }
    await encoder.flush();
    await take();
    for await (const seen of check.flush()) comparison.compare(seen);
    return comparison.measured;
  } finally {
    encoder.close();
    decoder.close();
    check.close();
  }
}
