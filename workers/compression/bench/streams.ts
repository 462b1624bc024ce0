import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  AICCompressionService,
  CompressionMode,
  FrameType,
} from '../generated/auralink/aic/v1/compression_pb.js';
import { computeSsim } from '../src/media/ssim.ts';
import { readMemoryBytes } from '../src/processes/worker-process.ts';
import { CLIPS, type Clip, judgeVideo, runFfmpeg } from './media.ts';
import { type BenchService, mean, quantile, type Row } from './service.ts';

const FRAMES = 90;
const FPS = 30;
const CRF_OF_ANCHOR = ['22', '26', '30', '34'];

async function readRaw(
  clip: Clip,
  [width, height]: readonly [number, number],
  folder: string,
): Promise<Uint8Array[]> {
  const file = join(folder, 'raw.yuv');
  await runFfmpeg([
    '-i',
    clip.file,
    '-frames:v',
    `${FRAMES}`,
    '-an',
    '-vf',
    `${clip.filters},scale=${width}:${height},format=yuv420p`,
    '-f',
    'rawvideo',
    file,
  ]);
  const all = await readFile(file);
  const bytes = (width * height * 3) / 2;
  return Array.from({ length: Math.floor(all.length / bytes) }, (_, i) =>
    all.subarray(i * bytes, (i + 1) * bytes),
  );
}

/** One session, each frame sent when the response of the one before is there. */
async function runSession(
  { service }: BenchService,
  frames: readonly Uint8Array[],
  [width, height]: readonly [number, number],
) {
  const client = service.client(AICCompressionService);
  const roundTrips: number[] = [];
  const codecMs: number[] = [];
  let memoryMb = 0;
  let sentAt = 0;
  const requests = async function* () {
    for (const [i, frameData] of frames.entries()) {
      sentAt = performance.now();
      yield {
        frameNumber: BigInt(i),
        frameData,
        frameType: FrameType.VIDEO,
        mode: CompressionMode.ADAPTIVE,
        metadata: { width, height, fps: FPS, codec: 'i420' },
      };
    }
  };
  const packets: { compressedData: Uint8Array; isKeyframe: boolean }[] = [];
  const startedAt = performance.now();
  for await (const { compressedData, isKeyframe, performance: timings } of client.compressStream(
    requests(),
  )) {
    roundTrips.push(performance.now() - sentAt);
    codecMs.push(timings?.inferenceLatencyMs ?? 0);
    memoryMb = Math.max(memoryMb, timings?.memoryUsedMb ?? 0);
    packets.push({ compressedData, isKeyframe });
  }
  const fps = (frames.length * 1_000) / (performance.now() - startedAt);
  return { packets, roundTrips, codecMs, fps, memoryMb };
}

async function measureSsim(
  { service }: BenchService,
  packets: { compressedData: Uint8Array; isKeyframe: boolean }[],
  frames: readonly Uint8Array[],
  [width, height]: readonly [number, number],
) {
  const client = service.client(AICCompressionService);
  const requests = async function* () {
    for (const { compressedData, isKeyframe } of packets)
      yield { compressedData, codec: 'av1', metadata: { isKeyframe } };
  };
  const scores: number[] = [];
  for await (const { frameData } of client.decompressStream(requests())) {
    const plane = (data: Uint8Array) => ({ data, stride: width, width, height });
    scores.push(computeSsim(plane(frameData), plane(frames[scores.length]!)));
  }
  return mean(scores);
}

/** Bits of x264 at an SSIM, between two of its measured settings. */
function interpolate(points: readonly { bytes: number; ssim: number }[], ssim: number): number {
  const sorted = [...points].sort((a, b) => a.ssim - b.ssim);
  const upper = Math.max(
    1,
    sorted.findIndex((point) => point.ssim >= ssim),
  );
  const [a, b] = [sorted[upper - 1]!, sorted[upper]!];
  const share = (ssim - a.ssim) / (b.ssim - a.ssim);
  return Math.exp(Math.log(a.bytes) + share * (Math.log(b.bytes) - Math.log(a.bytes)));
}

async function measureAnchor(size: readonly [number, number], folder: string, count: number) {
  const raw = [
    '-f',
    'rawvideo',
    '-pix_fmt',
    'yuv420p',
    '-s',
    size.join('x'),
    '-r',
    `${FPS}`,
    '-i',
    join(folder, 'raw.yuv'),
  ];
  const reference = join(folder, 'reference.mp4');
  await runFfmpeg([
    ...raw,
    '-frames:v',
    `${count}`,
    '-c:v',
    'libx264',
    '-preset',
    'ultrafast',
    '-qp',
    '0',
    reference,
  ]);
  const points = [];
  for (const crf of CRF_OF_ANCHOR) {
    const file = join(folder, 'anchor.h264');
    await runFfmpeg([
      ...raw,
      '-frames:v',
      `${count}`,
      '-c:v',
      'libx264',
      '-preset',
      'veryfast',
      '-tune',
      'zerolatency',
      '-crf',
      crf,
      file,
    ]);
    points.push({
      bytes: (await readFile(file)).length,
      ssim: (await judgeVideo(file, reference, FPS)).ssim,
    });
  }
  return points;
}

/** What each child process of the service has in memory. */
const childrenBytes = (pid: number): number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1')
    .trim()
    .split(' ')
    .map((child) => readMemoryBytes(Number(child)));

async function benchSessions(bench: BenchService): Promise<Row> {
  const size = [640, 360] as const;
  const frames = (await readRaw(CLIPS[0]!, size, bench.folder)).slice(0, 60);
  const idleBytes = Math.min(...childrenBytes(bench.service.pid));
  let taken = 0;
  const watch = setInterval(() => {
    const children = childrenBytes(bench.service.pid);
    const bytes = children.reduce((sum, each) => sum + Math.max(0, each - idleBytes), 0);
    taken = Math.max(taken, bytes);
  }, 200);
  const sessions = await Promise.all(Array.from({ length: 8 }, () => runSession(bench, frames, size)));
  const slowest = Math.min(...sessions.map(({ fps }) => fps));
  clearInterval(watch);
  const eachMb = taken / sessions.length / 1e6;
  return {
    what: 'streams: 8 sessions of 360p at once, frames of the slowest in a second',
    measured: `${slowest.toFixed(0)}; ${eachMb.toFixed(1)} MB each beside idle processes of codecs`,
    target: '≥ 30, ≤ 20 MB each',
    holds: slowest >= 30 && eachMb <= 20,
    figures: { fps: sessions.map(({ fps }) => fps), eachMb },
  };
}

/** Sessions of 720p against x264 veryfast zerolatency at equal SSIM, through a real client with raw frames. */
export async function benchStreams(bench: BenchService): Promise<Row[]> {
  const size = [1_280, 720] as const;
  const measured = [];
  for (const clip of CLIPS.slice(0, 2)) {
    const frames = await readRaw(clip, size, bench.folder);
    const { packets, roundTrips, codecMs, fps } = await runSession(bench, frames, size);
    const bytes = packets.reduce((sum, { compressedData }) => sum + compressedData.length, 0);
    const ssim = await measureSsim(bench, packets, frames, size);
    const anchor = interpolate(await measureAnchor(size, bench.folder, frames.length), ssim);
    measured.push({
      clip: clip.name,
      ratio: bytes / anchor,
      ssim,
      fps,
      p95: quantile(codecMs, 0.95),
      roundTrip95: quantile(roundTrips, 0.95),
    });
  }
  const ratio = mean(measured.map((each) => each.ratio));
  const p95 = Math.max(...measured.map((each) => each.p95));
  const slowest = Math.min(...measured.map(({ fps }) => fps));
  const clips = measured.map(
    ({ clip, ...m }) =>
      `${clip} ${m.ratio.toFixed(2)} at SSIM ${m.ssim.toFixed(3)}, ${m.fps.toFixed(0)} fps, p95 ${m.p95.toFixed(0)} ms in the service, ${m.roundTrip95.toFixed(0)} ms with transport`,
  );
  return [
    {
      what: 'streams: 720p, bits / x264 veryfast zerolatency at equal SSIM',
      measured: `${ratio.toFixed(2)} mean; ${clips.join('; ')}`,
      target: '≤ 0.55 at SSIM ≥ 0.95, ≥ 30 fps, p95 ≤ 25 ms',
      holds: ratio <= 0.55 && p95 <= 25 && slowest >= 30 && measured.every(({ ssim }) => ssim >= 0.95),
      figures: {
        measured,
        command:
          'ffmpeg 9.0.2 … -c:v libx264 -preset veryfast -tune zerolatency -crf 22|26|30|34 anchor.h264',
      },
    },
    await benchSessions(bench),
  ];
}
