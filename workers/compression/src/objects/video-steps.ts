/** The steps of a recording, as its process does them. */
import { stat } from 'node:fs/promises';
import * as constants from 'node-av/constants';
import type { Frame } from 'node-av/lib';
import { openRecording, readFrames, readFramesFrom, type Recording } from '../media/recording.ts';
import { Refusal } from '../processes/serve-requests.ts';
import { encodeVideo } from './encode-video.ts';
import { measureEncoding } from './measure-encoding.ts';
import type {
  EncodeTask,
  MeasuredFrame,
  MeasureTask,
  RecordingFacts,
  TaskProgress,
  Timed,
  Verdict,
  VerifyTask,
} from './object-messages.ts';
import { verifyCopy } from './verify-copy.ts';

const FORMATS: readonly number[] = [constants.AV_PIX_FMT_YUV420P, constants.AV_PIX_FMT_YUVJ420P];
type Report = (progress: TaskProgress) => void;

async function timed<T>(work: () => Promise<T>): Promise<Timed<T>> {
  const before = process.cpuUsage();
  const value = await work();
  const { user, system } = process.cpuUsage(before);
  return { value, cpuMs: (user + system) / 1_000 };
}

/** @throws Refusal when it is none that can be compressed */
export async function inspectRecording(input: string): Promise<RecordingFacts> {
  const recording = await openRecording(input);
  const { durationSeconds, width, height, fps } = recording.facts;
  const { format } = recording.video.codecpar;
  await recording.close();
  if (!FORMATS.includes(format))
    throw new Refusal(
      'only videos with 8 bits in 4:2:0 are compressed; others would lose more than the measures see',
    );
  return { durationSeconds, width, height, fps };
}

async function readSegment(recording: Recording, atSeconds: number, count: number): Promise<Frame[]> {
  const frames: Frame[] = [];
  for await (const frame of readFramesFrom(recording, atSeconds)) {
    frames.push(frame);
    if (frames.length === count) break;
  }
  if (frames.length === 0) throw new Refusal('the video ends before its container says so');
  return frames;
}

async function* readAll(recording: Recording) {
  for await (const frame of readFrames(recording, recording.video)) {
    yield frame;
    frame.free();
  }
}

export const measurePart = ({ video, setting, part, every }: MeasureTask): Promise<Timed<MeasuredFrame[]>> =>
  timed(async () => {
    const recording = await openRecording(video.input);
    const frames = part ? await readSegment(recording, part.atSeconds, part.frames) : [];
    try {
      return await measureEncoding(video, setting, part ? frames : readAll(recording), recording, every);
    } finally {
      for (const frame of frames) frame.free();
      await recording.close();
    }
  });

export const encodeCopy = (
  { video, setting }: EncodeTask,
  report: Report,
): Promise<Timed<{ bytes: number }>> =>
  timed(async () => {
    await encodeVideo(video, setting, (fraction) => report({ stage: 'encoding', fraction }));
    return { bytes: (await stat(video.output)).size };
  });

export const verify = ({ original, copy }: VerifyTask, report: Report): Promise<Timed<Verdict>> =>
  timed(() => verifyCopy(original, copy, (fraction) => report({ stage: 'verifying', fraction })));
