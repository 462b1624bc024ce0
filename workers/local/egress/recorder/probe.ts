/**
 * Decodes a whole file and prints what is in it, a line of JSON: `node probe.ts FILE`. Tests prove recordings with it,
 * because a file that is only complete by its header may not play.
 */
import { AV_LOG_ERROR, AV_SAMPLE_FMT_FLTP, avGetCodecName, Decoder, Demuxer, type Frame, Log } from 'node-av';
import { pitchOf } from './pitch.ts';

export interface ProbedStream {
  codec: string;
  /** Duration of all decoded frames. */
  seconds: number;
  frames: number;
  /** Width of pictures; 0 for sound. */
  width: number;
  height: number;
  /** Pictures whose first row differs from the one before. */
  changes: number;
  /** The loudest sample, from 0 to 1, and the pitch of its first channel in the middle second. */
  peak: number;
  hertz: number;
}

export interface ProbedFile {
  /** By the header of the file. */
  seconds: number;
  streams: ProbedStream[];
}

/** The second in the middle, or less of a shorter sound. */
function middleSecond(samples: readonly number[], rate: number): number[] {
  const from = Math.max(0, Math.floor((samples.length - rate) / 2));
  return samples.slice(from, from + rate);
}

/** Reads the samples of the first channel. */
function samplesOf(frame: Frame): Float32Array {
  if (frame.format !== AV_SAMPLE_FMT_FLTP) throw new Error('the sound is not in planes of numbers');
  const plane = frame.data![0]!;
  return new Float32Array(plane.buffer.slice(plane.byteOffset, plane.byteOffset + frame.nbSamples * 4));
}

/** Takes the size of pictures and whether they move. */
class PictureProbe {
  #row = '';

  take(frame: Frame, into: ProbedStream): void {
    into.width = frame.width;
    into.height = frame.height;
    const row = frame.data![0]!.subarray(0, frame.width).toString('latin1');
    if (row !== this.#row) into.changes++;
    this.#row = row;
  }
}

async function probeStream(input: Demuxer, index: number): Promise<ProbedStream> {
  const stream = input.streams[index]!;
  const codec = avGetCodecName(stream.codecpar.codecId) ?? '';
  const sizes = { seconds: 0, frames: 0, width: 0, height: 0, changes: 0, peak: 0, hertz: 0 };
  const found: ProbedStream = { codec, ...sizes };
  const decoder = await Decoder.create(stream);
  const pictures = new PictureProbe();
  const samples: number[] = [];
  let rate = 0;
  for await (const frame of decoder.frames(input.packets(index))) {
    if (!frame) continue;
    found.frames++;
    if (frame.isVideo()) {
      pictures.take(frame, found);
      found.seconds = (Number(frame.pts) * stream.timeBase.num) / stream.timeBase.den;
    } else {
      rate = frame.sampleRate;
      for (const sample of samplesOf(frame)) samples.push(sample);
    }
    frame.free();
  }
  decoder.close();
  return rate > 0 ? { ...found, ...describeSound(samples, rate) } : found;
}

const describeSound = (samples: readonly number[], rate: number) => ({
  seconds: samples.length / rate,
  hertz: pitchOf(middleSecond(samples, rate), rate),
  peak: samples.reduce((peak, sample) => Math.max(peak, Math.abs(sample)), 0),
});

Log.setLevel(AV_LOG_ERROR);
const [, , file = ''] = process.argv;
const streams: ProbedStream[] = [];
let seconds = 0;
for (let index = 0; ; index++) {
  await using input = await Demuxer.open(file);
  seconds = input.duration;
  if (index >= input.streams.length) break;
  streams.push(await probeStream(input, index));
}
console.log(JSON.stringify({ seconds, streams } satisfies ProbedFile));
