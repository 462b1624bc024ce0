import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { Code, ConnectError, type ServiceImpl } from '@connectrpc/connect';
import {
  type AICCompressionService,
  type CompressFrameRequest,
  type CompressFrameResponse,
  CompressionStatus,
  type DecompressFrameRequest,
  type DecompressFrameResponse,
  DecompressFrameResponseSchema,
  PerformanceMetricsSchema,
} from '../../generated/auralink/aic/v1/compression_pb.js';
import { WorkerRefusal } from '../processes/worker-process.ts';
import type { CodecPool } from './codec-pool.ts';
import { type CodecSession, type FrameMessage, type Outcome, SessionHarmful } from './codec-session.ts';
import { PoolFull } from './single-frames.ts';
import { findFault, type Format } from './frames.rules.ts';
import { readFormat, readWanted, respondCompressed, respondUnchanged } from './frame-requests.ts';
import type { HealthReporter } from './health.ts';
import { analyze, hintsFor } from './hints.ts';
import { Pace } from './pace.ts';
import type { CompressedFrame, RestoredFrame } from './worker-messages.ts';

const { ERROR, FALLBACK, SUCCESS, TIMEOUT } = CompressionStatus;
/** Passes a frame to its codec. */
type Process = <T>(message: FrameMessage, withinMs: number | undefined) => Promise<Outcome<T>>;

/** Errors of the pool as those of the protocol. */
function toConnectError(error: unknown): ConnectError {
  if (error instanceof PoolFull) return new ConnectError(error.message, Code.ResourceExhausted);
  if (error instanceof SessionHarmful) return new ConnectError(error.message, Code.Aborted);
  return ConnectError.from(error);
}

function timings(arrivedAt: number, memoryBytes: number, underWayMs = 0) {
  const latencyMs = performance.now() - arrivedAt;
  return create(PerformanceMetricsSchema, {
    inferenceLatencyMs: Math.round(latencyMs),
    modelInferenceMs: Math.round(latencyMs),
    totalLatencyMs: Math.round(latencyMs + underWayMs),
    memoryUsedMb: Math.round(memoryBytes / 1e6),
  });
}

/** A clock that is further off is not that of the service. */
const MOST_TRANSPORT_MS = 10_000;

/** How long a frame was under way, by what its caller says. */
function transportMs({ sentAtUs }: CompressFrameRequest): number {
  const sinceMs = sentAtUs > 0n ? Date.now() - Number(sentAtUs) / 1_000 : 0;
  return sinceMs > 0 && sinceMs <= MOST_TRANSPORT_MS ? sinceMs : 0;
}

async function compress(
  request: CompressFrameRequest,
  format: Format,
  process: Process,
): Promise<CompressFrameResponse> {
  const underWayMs = transportMs(request);
  const arrivedAt = performance.now();
  const fault = findFault(format, request.frameData.length);
  if (fault) return respondUnchanged(request, ERROR, fault);
  const { maxLatencyMs } = request;
  const withinMs = maxLatencyMs === 0 ? undefined : maxLatencyMs - underWayMs;
  const late = () => respondUnchanged(request, TIMEOUT, `max_latency_ms: no result after ${maxLatencyMs} ms`);
  // No codec has it: the frames after it are as if it had not been sent.
  if (withinMs !== undefined && withinMs <= 0) return late();
  const message: FrameMessage = {
    type: 'compress',
    session: '',
    format,
    data: request.frameData,
    reset: false,
  };
  try {
    const outcome = await process<CompressedFrame>(message, withinMs);
    if (outcome.kind === 'late') return late();
    if (outcome.kind === 'lost') return respondUnchanged(request, FALLBACK, outcome.reason);
    const response = respondCompressed(request, format, outcome.value);
    response.performance = timings(arrivedAt, outcome.memoryBytes, underWayMs);
    return response;
  } catch (error) {
    if (error instanceof WorkerRefusal) return respondUnchanged(request, ERROR, error.message);
    throw toConnectError(error);
  }
}

async function restore(
  request: DecompressFrameRequest,
  isSingle: boolean,
  process: Process,
): Promise<DecompressFrameResponse> {
  const arrivedAt = performance.now();
  const respond = (more: MessageInitShape<typeof DecompressFrameResponseSchema>) =>
    create(DecompressFrameResponseSchema, {
      sessionId: request.sessionId,
      frameNumber: request.frameNumber,
      ...more,
    });
  const wanted = readWanted(request);
  if (typeof wanted === 'string') return respond({ status: ERROR, errorMessage: wanted });
  const { codec, compressedData: data } = request;
  const reset = request.metadata?.isKeyframe ?? false;
  try {
    const outcome = await process<RestoredFrame>(
      { type: 'restore', session: '', isSingle, codec, data, wanted, reset },
      undefined,
    );
    if (outcome.kind !== 'done')
      return respond({ status: ERROR, errorMessage: outcome.kind === 'lost' ? outcome.reason : 'late' });
    const { data: frameData, ...metadata } = outcome.value;
    return respond({ frameData, metadata, performance: timings(arrivedAt, outcome.memoryBytes) });
  } catch (error) {
    if (error instanceof WorkerRefusal) return respond({ status: ERROR, errorMessage: error.message });
    throw toConnectError(error);
  }
}

export interface FrameServiceOptions {
  pool: CodecPool;
  health: HealthReporter;
}

/**
 * Answers the requests of a stream one after the other, so that flow control bounds what waits. The stream holds one
 * session from its beginning to its end.
 */
async function* serveStream<Request, Response>(
  { pool, health }: FrameServiceOptions,
  { requests, signal }: { requests: AsyncIterable<Request>; signal: AbortSignal },
  answer: (request: Request, process: Process) => Promise<Response>,
): AsyncGenerator<Response> {
  let session: CodecSession;
  try {
    session = pool.open();
  } catch (error) {
    throw toConnectError(error);
  }
  // A stream whose other end has gone is closed although it waits for its reader.
  signal.addEventListener('abort', () => session.close());
  const pace = new Pace();
  try {
    for await (const request of requests) {
      await pace.wait();
      const response = await answer(request, (message, withinMs) => session.process(message, withinMs));
      health.countFrame();
      yield response;
    }
  } finally {
    session.close();
  }
}

function compressOne(request: CompressFrameRequest, isSingle: boolean, process: Process) {
  const format = readFormat(request, isSingle);
  if (format === undefined) return respondUnchanged(request, SUCCESS);
  if (typeof format === 'string') return respondUnchanged(request, ERROR, format);
  return compress(request, format, process);
}

/** Live frames. */
export function createFrameService(options: FrameServiceOptions): ServiceImpl<typeof AICCompressionService> {
  const { pool, health } = options;
  const note = (response: CompressFrameResponse) => {
    if (response.performance) health.noteLatency(response.performance.inferenceLatencyMs);
    return response;
  };
  const single: Process = (message, withinMs) => pool.processSingle(message, withinMs);
  return {
    compressFrame: async (request) => {
      health.countFrame();
      return note(await compressOne(request, true, single));
    },
    compressStream: (requests, { signal }) =>
      serveStream(options, { requests, signal }, async (request: CompressFrameRequest, process) =>
        note(await compressOne(request, false, process)),
      ),
    decompressFrame: (request) => {
      health.countFrame();
      return restore(request, true, single);
    },
    decompressStream: (requests, { signal }) =>
      serveStream(options, { requests, signal }, (request: DecompressFrameRequest, process) =>
        restore(request, false, process),
      ),
    getCompressionHints: (request) => hintsFor(request, health.latencyMs),
    analyzeNetworkConditions: analyze,
    healthCheck: () => health.report(),
  };
}
