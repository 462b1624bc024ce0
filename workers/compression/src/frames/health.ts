import { create } from '@bufbuild/protobuf';
import {
  type HealthCheckResponse,
  HealthCheckResponseSchema,
  HealthStatus,
} from '../../generated/auralink/aic/v1/compression_pb.js';
import { readMemoryBytes } from '../processes/worker-process.ts';
import type { CodecPool } from './codec-pool.ts';
import { VERSIONS } from './frame-requests.ts';

export const SERVICE_VERSION = '1.0.0';

/** Weight of the newest frame in the mean of latencies. */
const NEWEST_SHARE = 0.05;

export interface HealthOptions {
  pool: CodecPool;
  /** Most bytes of all processes together. */
  maxBytes: number;
  refusal: () => string | undefined;
}

export class HealthReporter {
  #options: HealthOptions;
  #frames = 0n;
  /** Mean latency of the last frames, the newest counting most; 0 before the first one. */
  #latencyMs = 0;
  #cpu = { usage: process.cpuUsage(), at: performance.now() };

  constructor(options: HealthOptions) {
    this.#options = options;
  }

  get latencyMs(): number {
    return this.#latencyMs;
  }

  countFrame(): void {
    this.#frames++;
  }

  noteLatency(milliseconds: number): void {
    this.#latencyMs += (milliseconds - this.#latencyMs) * (this.#latencyMs === 0 ? 1 : NEWEST_SHARE);
  }

  report(): HealthCheckResponse {
    const { pool, maxBytes, refusal } = this.#options;
    const bytes = [process.pid, ...pool.pids].reduce((sum, pid) => sum + readMemoryBytes(pid), 0);
    const isDegraded = pool.isFull || refusal() !== undefined;
    return create(HealthCheckResponseSchema, {
      status: isDegraded ? HealthStatus.DEGRADED : HealthStatus.HEALTHY,
      version: SERVICE_VERSION,
      uptimeSeconds: BigInt(Math.floor(process.uptime())),
      resources: {
        cpuPercent: this.#readCpuPercent(),
        memoryPercent: (bytes * 100) / maxBytes,
        activeSessions: pool.sessionCount,
        totalFramesProcessed: this.#frames,
      },
      modelStatus: {
        modelType: 'svt-av1',
        version: VERSIONS.av1,
        loaded: true,
        inferenceQueueLength: pool.waitingCount,
        avgInferenceMs: this.#latencyMs,
      },
    });
  }

  /** CPU time of this process, without those of the codecs. */
  #readCpuPercent(): number {
    const used = process.cpuUsage(this.#cpu.usage);
    const elapsedMs = performance.now() - this.#cpu.at;
    this.#cpu = { usage: process.cpuUsage(), at: performance.now() };
    return elapsedMs === 0 ? 0 : (used.user + used.system) / 10 / elapsedMs;
  }
}
