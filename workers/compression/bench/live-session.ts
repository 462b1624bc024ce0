import { readdirSync, readFileSync } from 'node:fs';
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

function readThreadMs(file: string): number {
  try {
    return Number(readFileSync(file, 'latin1').split(' ')[0]) / 1e6;
  } catch {
    return 0; // the thread has ended meanwhile
  }
}

/** Time that all threads of a process and its children had a processor, which does not depend on what else runs. */
export function readCpuMs(pid: number): number {
  const ofProcess = (each: number) =>
    readdirSync(`/proc/${each}/task`).reduce((sum, thread) => {
      return sum + readThreadMs(`/proc/${each}/task/${thread}/schedstat`);
    }, 0);
  return [pid, ...children(pid)].reduce((sum, each) => sum + ofProcess(each), 0);
}

/** What each child process of the service has in memory. */
export const childrenBytes = (pid: number): number[] => children(pid).map(readMemoryBytes);

interface SessionOptions {
  /** Whether a frame is sent each thirtieth of a second, as a camera does, and not as soon as the one before is answered. */
  isLive?: boolean;
  readsCpu?: boolean;
  isScreen?: boolean;
}

/** One session: each frame is sent when the response of the one before is there. */
export async function runSession(
  { service }: BenchService,
  frames: readonly Uint8Array[],
  [width, height]: readonly [number, number],
  { isLive = false, readsCpu = false, isScreen = false }: SessionOptions = {},
) {
  const client = service.client(AICCompressionService);
  const roundTrips: number[] = [];
  const codecMs: number[] = [];
  const cpuMs: number[] = [];
  let cpuBefore = readsCpu ? readCpuMs(service.pid) : 0;
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
    if (!readsCpu) continue;
    const cpu = readCpuMs(service.pid);
    cpuMs.push(cpu - cpuBefore);
    cpuBefore = cpu;
  }
  const fps = (frames.length * 1_000) / (performance.now() - startedAt);
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
