import type { Client } from '@connectrpc/connect';
import { Code, ConnectError } from '@connectrpc/connect';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  AICCompressionService,
  CompressionMode,
  NetworkQuality,
} from '../generated/auralink/aic/v1/compression_pb.js';
import { type Service, startService } from './kit.ts';

let service: Service;
let client: Client<typeof AICCompressionService>;
beforeAll(async () => {
  service = await startService();
  client = service.client(AICCompressionService);
});
afterAll(() => service.stop());

const WIDE = { availableBandwidthKbps: 20_000, rttMs: 40, packetLossPercent: 0, jitterMs: 3 };
const samplesOf = (...kbps: number[]) =>
  kbps.map((bandwidthKbps, index) => ({
    timestampUs: BigInt(index + 1) * 2_000_000n,
    bandwidthKbps,
    rttMs: 50,
  }));

it('hints are those of the mode in a wide network, and fewer bits in a narrow one', async () => {
  const hint = (mode: CompressionMode, network: Partial<typeof WIDE> = {}, bitrateKbps = 0) =>
    client.getCompressionHints({ mode, network: { ...WIDE, ...network }, metadata: { bitrateKbps } });
  expect(await hint(CompressionMode.CONSERVATIVE)).toMatchObject({
    recommendedCompressionRatio: 0.5,
    recommendedCodec: 'vp8',
    hints: { max_bps: 1_800_000, height: 720, layers: 3, audio_fec: 0 },
    confidenceScore: 1,
  });
  expect((await hint(CompressionMode.AGGRESSIVE)).hints).toMatchObject({ max_bps: 600_000, height: 360 });
  expect((await hint(CompressionMode.ADAPTIVE, {}, 400)).hints).toMatchObject({ max_bps: 320_000 });
  const lossy = await hint(CompressionMode.ADAPTIVE, { packetLossPercent: 8 });
  expect(lossy.hints).toMatchObject({ audio_fec: 1 });
  const narrow = await hint(CompressionMode.ADAPTIVE, { availableBandwidthKbps: 60 });
  expect(narrow.recommendedCodec).toBe('opus');
  expect(await hint(CompressionMode.OFF)).toMatchObject({ recommendedCodec: '', hints: {} });
  expect((await client.getCompressionHints({ mode: CompressionMode.ADAPTIVE })).confidenceScore).toBe(0);
});

it('a network is analyzed by its samples, of which the newest is the present', async () => {
  const wide = await client.analyzeNetworkConditions({
    samples: samplesOf(...Array.from({ length: 20 }, () => 20_000)),
  });
  expect(wide).toMatchObject({
    quality: NetworkQuality.EXCELLENT,
    networkStabilityScore: 1,
    enableAggressiveCompression: false,
  });
  expect(wide.availableBandwidthKbps).toBeCloseTo(20_000, -1);
  expect(wide.predictedBandwidthKbps).toBeLessThan(20_000);
  const falling = await client.analyzeNetworkConditions({
    samples: samplesOf(4_000, 4_000, 4_000, 300, 300),
  });
  expect(falling).toMatchObject({ quality: NetworkQuality.POOR, enableAggressiveCompression: true });
  expect(falling.predictedBandwidthKbps).toBeLessThanOrEqual(300);
  expect(await client.analyzeNetworkConditions({})).toMatchObject({
    quality: NetworkQuality.UNKNOWN,
    recommendation: 'Nothing was measured.',
  });
});

it.each([
  { samples: samplesOf(...Array.from({ length: 601 }, () => 1_000)) },
  { samples: [], analysisWindowSeconds: 61 },
  ...[Number.NaN, -1, 101].map((packetLossPercent) => ({ samples: [{ packetLossPercent }] })),
])('an analysis of more than its limits, or of a loss that is no share, is refused', async (request) => {
  await expect(client.analyzeNetworkConditions(request)).rejects.toMatchObject({
    code: Code.InvalidArgument,
  });
  await expect(client.analyzeNetworkConditions(request)).rejects.toBeInstanceOf(ConnectError);
});
