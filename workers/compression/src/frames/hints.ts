/** How to compress in a network: the rules of the product, in the words of the protocol. */
import { create } from '@bufbuild/protobuf';
import { Code, ConnectError } from '@connectrpc/connect';
import {
  type CompressionHintRequest,
  type CompressionHintResponse,
  CompressionHintResponseSchema,
  type NetworkAnalysisRequest,
  type NetworkAnalysisResponse,
  NetworkAnalysisResponseSchema,
  NetworkQuality,
  type NetworkSample,
} from '../../generated/auralink/aic/v1/compression_pb.js';
import {
  analyzeNetwork,
  decideLevel,
  MODE_TARGETS,
  SEND_LEVELS,
  settingsOfLevel,
} from '../../../../src/media/network/index.ts';
import { MODES } from './frame-requests.ts';
import { LOWEST_SSIM } from './frames.rules.ts';

const MOST_SAMPLES = 600;
const WINDOW_SECONDS = 60;
const QUALITIES = {
  excellent: NetworkQuality.EXCELLENT,
  good: NetworkQuality.GOOD,
  fair: NetworkQuality.FAIR,
  poor: NetworkQuality.POOR,
} as const;

/** A figure of the protocol, where 0 means unknown. */
const known = (value: number | undefined, unit: number): number | undefined =>
  value === undefined || value === 0 ? undefined : value * unit;

/** @throws ConnectError `invalid_argument` */
function lossRatioOf(percent: number): number {
  if (percent >= 0 && percent <= 100) return percent / 100;
  throw new ConnectError('packet_loss_percent is from 0 to 100', Code.InvalidArgument);
}

/** The capacity of the network of a request, as far as the request states it. */
function readNetwork({ network }: CompressionHintRequest) {
  const sample = {
    atMs: 0,
    availableBps: known(network?.availableBandwidthKbps, 1_000),
    roundTripSeconds: known(network?.rttMs, 0.001),
    lossRatio: network && lossRatioOf(network.packetLossPercent),
    jitterSeconds: known(network?.jitterMs, 0.001),
  };
  const { atMs: _, ...figures } = sample;
  const named = Object.values(figures).filter((value) => value !== undefined).length;
  return { conditions: analyzeNetwork([sample], 0), confidence: named / Object.keys(figures).length };
}

/** @param latencyMs of the last frames; 0 for none */
export function hintsFor(request: CompressionHintRequest, latencyMs: number): CompressionHintResponse {
  const { conditions, confidence: confidenceScore } = readNetwork(request);
  const mode = MODES[request.mode];
  if (!mode) return create(CompressionHintResponseSchema, { confidenceScore });
  const maxSendBps = known(request.metadata?.bitrateKbps, 1_000) ?? null;
  const limits = { cpuLimited: false, maxSendBps };
  const { level } = decideLevel(conditions, mode, limits, null, 0)!;
  const { audio, video } = settingsOfLevel(level, conditions, mode, limits);
  return create(CompressionHintResponseSchema, {
    recommendedCompressionRatio: MODE_TARGETS[mode].targetSavingRatio,
    predictedQualityScore: LOWEST_SSIM[mode],
    predictedLatencyMs: Math.round(latencyMs),
    recommendedCodec: video?.codec ?? 'opus',
    hints: {
      level,
      max_bps: SEND_LEVELS[level]!.totalBps,
      audio_bps: audio.maxBps,
      audio_fec: Number(audio.fec),
      audio_dtx: Number(audio.dtx),
      audio_red: Number(audio.red),
      ...(video && {
        video_bps: video.maxBps,
        height: video.layers.at(-1)!.height,
        fps: video.framesPerSecond,
        layers: video.layers.length,
      }),
    },
    confidenceScore,
  });
}

const toSample = ({ timestampUs, bandwidthKbps, rttMs, packetLossPercent }: NetworkSample) => ({
  atMs: Number(timestampUs) / 1_000,
  availableBps: known(bandwidthKbps, 1_000),
  roundTripSeconds: known(rttMs, 0.001),
  lossRatio: lossRatioOf(packetLossPercent),
});

const SENTENCES: Readonly<Record<string, string>> = {
  excellent: 'Any mode fits; conservative keeps most of the quality.',
  good: 'Adaptive or conservative fits.',
  fair: 'Adaptive fits; send smaller pictures.',
  poor: 'Send few bits: aggressive, or sound alone.',
};

/** The newest sample is the present: callers have clocks of their own. */
export function analyze(request: NetworkAnalysisRequest): NetworkAnalysisResponse {
  const { analysisWindowSeconds: seconds } = request;
  if (request.samples.length > MOST_SAMPLES)
    throw new ConnectError(`samples are at most ${MOST_SAMPLES}`, Code.InvalidArgument);
  if (seconds < 0 || seconds > WINDOW_SECONDS)
    throw new ConnectError(`analysis_window_seconds is from 0 to ${WINDOW_SECONDS}`, Code.InvalidArgument);
  const samples = request.samples.map(toSample);
  const nowMs = Math.max(0, ...samples.map(({ atMs }) => atMs));
  const windowMs = (seconds || WINDOW_SECONDS) * 1_000;
  const conditions = analyzeNetwork(
    samples.filter(({ atMs }) => atMs > nowMs - windowMs),
    nowMs,
  );
  const { availableBps, forecastBps, stability, quality } = conditions;
  const adaptive = decideLevel(conditions, 'adaptive', { cpuLimited: false, maxSendBps: null }, null, 0)!;
  return create(NetworkAnalysisResponseSchema, {
    availableBandwidthKbps: (availableBps ?? 0) / 1_000,
    predictedBandwidthKbps: (forecastBps ?? 0) / 1_000,
    networkStabilityScore: stability ?? 0,
    quality: quality === null ? NetworkQuality.UNKNOWN : QUALITIES[quality],
    recommendation: quality === null ? 'Nothing was measured.' : SENTENCES[quality]!,
    enableAggressiveCompression: quality !== null && adaptive.level < MODE_TARGETS.aggressive.topLevel,
  });
}
