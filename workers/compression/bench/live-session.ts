import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  AICCompressionService,
  CompressionMode,
  FrameType,
} from '../generated/auralink/aic/v1/compression_pb.js';
import { computeSsim } from '../src/media/ssim.ts';
import { readMemoryBytes } from '../src/processes/worker-process.ts';
import { type BenchService, mean } from './service.ts';

export const FPS = 30;

const children = (pid: number): number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').trim().split(' ').map(Number);

/** Linux counts the times of processes in hundredths of a second, whatever its own clock. */
const TICK_MS = 10;

/** CPU time of a process and its ended children: user and system. */
function readProcessMs(pid: number): number {
  const line = readFileSync(`/proc/${pid}/stat`, 'latin1');
  const times = line
    .slice(line.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 15);
  return TICK_MS * times.reduce((sum, ticks) => sum + Number(ticks), 0);
}

function readChildMs(pid: number): number {
  try {
    return readProcessMs(pid);
  } catch {
    return 0; // it ended meanwhile, and is its parent's
  }
}

/**
 * Time that a process and its children had a processor, which does not depend on what else runs. Threads and children that have ended count:
 * a sum over those that live would fall when one ends between two readings.
 */
export function readCpuMs(pid: number): number {
  const ofChildren = children(pid).reduce((sum, each) => sum + readChildMs(each), 0);
  return ofChildren + readProcessMs(pid);
}

/** The memory of each child process of the service. */
export const childrenBytes = (pid: number): number[] => children(pid).map(readMemoryBytes);

interface SessionOptions {
  /** Whether a frame is sent each thirtieth of a second, as a camera does, and not as soon as the one before is answered. */
  isLive?: boolean;
  isScreen?: boolean;
}

/** One session. `cpuMs` is the time of a processor that the service took for a frame, where no other session runs. */
export async function runSession(
  { service }: BenchService,
  frames: readonly Uint8Array[],
  [width, height]: readonly [number, number],
  { isLive = false, isScreen = false }: SessionOptions = {},
) {
  const client = service.client(AICCompressionService);
  const roundTrips: number[] = [];
  const codecMs: number[] = [];
  const cpuBefore = readCpuMs(service.pid);
  let sentAt = 0;
  const requests = async function* () {
    for (const [i, frameData] of frames.entries()) {
      if (isLive && i > 0) await sleep(Math.max(0, startedAt + (i * 1_000) / FPS - performance.now()));
      sentAt = performance.now();
      yield {
        frameNumber: BigInt(i),
        frameData,
        frameType: isScreen ? FrameType.SCREEN : FrameType.VIDEO,
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
    packets.push({ compressedData, isKeyframe });
  }
  const fps = (frames.length * 1_000) / (performance.now() - startedAt);
  const cpuMs = (readCpuMs(service.pid) - cpuBefore) / frames.length;
  return { packets, roundTrips, codecMs, cpuMs, fps };
}

export async function measureSsim(
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
