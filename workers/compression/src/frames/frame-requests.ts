import { create } from '@bufbuild/protobuf';
import {
  type CompressFrameRequest,
  type CompressFrameResponse,
  CompressFrameResponseSchema,
  CompressionMode,
  CompressionStatus,
  type DecompressFrameRequest,
  FrameType,
} from '../../generated/auralink/aic/v1/compression_pb.js';
import {
  ENCODED_VIDEO,
  type Format,
  type Kind,
  LOWEST_SSIM,
  MAX_DATA_BYTES,
  type Mode,
} from './frames.rules.ts';
import type { CompressedFrame, WantedFrame } from './worker-messages.ts';

const KINDS: Readonly<Partial<Record<FrameType, Kind>>> = {
  [FrameType.VIDEO]: 'video',
  [FrameType.SCREEN]: 'screen',
  [FrameType.AUDIO]: 'audio',
  [FrameType.DATA]: 'data',
};
export const MODES: Readonly<Record<number, Mode>> = {
  [CompressionMode.CONSERVATIVE]: 'conservative',
  [CompressionMode.ADAPTIVE]: 'adaptive',
  [CompressionMode.AGGRESSIVE]: 'aggressive',
};
const DEFAULT_CODEC: Readonly<Record<Kind, string>> = {
  video: 'i420',
  screen: 'i420',
  audio: 'pcm_s16le',
  data: 'bytes',
};
const LATENCY = { least: 5, most: 1_000 };
/** Share of the remaining bandwidth that video may take. */
const BANDWIDTH_SHARE = 0.8;
/** A raw frame of 4096 × 2304 in RGBA would be above the limit of a message; I420 is below. */
const MAX_RESTORED_BYTES = 15 * 1024 * 1024;

/** The settings of a request; undefined when the mode is OFF and the frame returns as it came; a text for an invalid request. */
export function readFormat(request: CompressFrameRequest, isSingle: boolean): Format | string | undefined {
  const kind = KINDS[request.frameType];
  if (!kind) return 'frame_type is VIDEO, AUDIO, SCREEN or DATA';
  const { targetCompressionRatio: targetRatio, maxLatencyMs } = request;
  if (!(targetRatio >= 0 && targetRatio <= 0.95)) return 'target_compression_ratio is from 0 to 0.95';
  if (maxLatencyMs !== 0 && (maxLatencyMs < LATENCY.least || maxLatencyMs > LATENCY.most))
    return `max_latency_ms is 0, or from ${LATENCY.least} to ${LATENCY.most}`;
  const mode = MODES[request.mode];
  if (!mode) return undefined;
  const { metadata, network } = request;
  return {
    kind,
    mode,
    isSingle,
    codec: metadata?.codec || DEFAULT_CODEC[kind],
    width: metadata?.width ?? 0,
    height: metadata?.height ?? 0,
    fps: metadata?.fps || 30,
    sampleRate: metadata?.sampleRate || 48_000,
    channels: metadata?.channels || 1,
    maxBitrate: Math.max(0, Math.floor((network?.availableBandwidthKbps ?? 0) * 1_000 * BANDWIDTH_SHARE)),
    targetRatio,
  };
}

/** How a frame is restored; a text for an invalid request. */
export function readWanted(request: DecompressFrameRequest): WantedFrame | string {
  const { codec, metadata, maxSizeBytes, compressedData } = request;
  if (codec !== 'opus' && codec !== 'zstd' && !(codec in ENCODED_VIDEO))
    return `codec is opus, zstd, ${Object.keys(ENCODED_VIDEO).join(', ')}`;
  if (compressedData.length === 0) return 'compressed_data is empty';
  const limit = codec === 'zstd' ? MAX_DATA_BYTES : MAX_RESTORED_BYTES;
  const sampleRate = metadata?.sampleRate || 48_000;
  const channels = metadata?.channels || 1;
  if (channels !== 1 && channels !== 2) return 'channels is 1 or 2';
  if (![8_000, 12_000, 16_000, 24_000, 48_000].includes(sampleRate))
    return 'sample_rate is one that Opus has';
  const maxBytes = maxSizeBytes > 0 ? Math.min(maxSizeBytes, limit) : limit;
  return { codec: metadata?.codec || 'i420', maxBytes, sampleRate, channels };
}

/** The frame as it came. */
export function respondUnchanged(
  request: CompressFrameRequest,
  status: CompressionStatus,
  reason = '',
): CompressFrameResponse {
  const bytes = request.frameData.length;
  const isFault = status === CompressionStatus.ERROR;
  return create(CompressFrameResponseSchema, {
    status,
    errorMessage: isFault ? reason : '',
    compressedData: isFault ? new Uint8Array() : request.frameData,
    originalSizeBytes: bytes,
    compressedSizeBytes: isFault ? 0 : bytes,
    fallbackUsed: !isFault && reason !== '',
    fallbackReason: isFault ? '' : reason,
    codec: isFault ? '' : request.metadata?.codec || DEFAULT_CODEC[KINDS[request.frameType] ?? 'data'],
    sessionId: request.sessionId,
    frameNumber: request.frameNumber,
    isKeyframe: request.metadata?.isKeyframe ?? false,
  });
}

const CODEC_NAMES: Readonly<Record<string, string>> = { av1: 'svt-av1', opus: 'libopus', zstd: 'zstd' };
export const VERSIONS: Readonly<Record<string, string>> = {
  av1: '3.1.2',
  opus: '1.5',
  zstd: process.versions.zstd ?? '',
};

export function respondCompressed(
  request: CompressFrameRequest,
  { mode }: Format,
  frame: CompressedFrame,
): CompressFrameResponse {
  const original = request.frameData.length;
  const { data, codec, isKeyframe, measured, preset, crf } = frame;
  const ratio = 1 - data.length / original;
  const isBelow = measured !== undefined && measured.ssim < LOWEST_SSIM[mode];
  return create(CompressFrameResponseSchema, {
    status: isBelow ? CompressionStatus.QUALITY_THRESHOLD_NOT_MET : CompressionStatus.SUCCESS,
    compressedData: data,
    originalSizeBytes: original,
    compressedSizeBytes: data.length,
    actualCompressionRatio: ratio,
    aiMetadata: {
      modelType: CODEC_NAMES[codec] ?? codec,
      modelVersion: `${VERSIONS[codec] ?? ''} preset ${preset}`,
      compressionRatio: ratio,
      qualityScore: measured?.ssim ?? 0,
      ssim: measured?.ssim ?? 0,
      confidence: measured ? 1 : 0,
      inferenceTimestampUs: BigInt(Date.now()) * 1_000n,
      customHints: measured ? { crf, measuredFrame: measured.frame } : { crf },
    },
    sessionId: request.sessionId,
    frameNumber: request.frameNumber,
    codec,
    isKeyframe,
  });
}
