import { create } from '@bufbuild/protobuf';
import type { Client } from '@connectrpc/connect';
import { Encoder } from 'node-av/api';
import * as constants from 'node-av/constants';
import { Frame } from 'node-av/lib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  AICCompressionService,
  type CompressFrameRequest,
  CompressFrameRequestSchema,
  type CompressFrameResponse,
  CompressionMode,
  CompressionStatus,
  FrameType,
} from '../generated/auralink/aic/v1/compression_pb.js';
import { VideoCompressor } from '../src/frames/video-codec.ts';
import { computeSsim } from '../src/media/ssim.ts';
import { drawPicture, makeTone, type Service, startService } from './kit.ts';

const [width, height] = [320, 192];
let service: Service;
let client: Client<typeof AICCompressionService>;
beforeAll(async () => {
  service = await startService({ COMPRESSION_MAX_SESSIONS: '4' });
  client = service.client(AICCompressionService);
});
afterAll(() => service.stop());

type Part = Partial<Omit<CompressFrameRequest, '$typeName' | 'metadata'>> & {
  metadata?: {
    width?: number;
    height?: number;
    fps?: number;
    codec?: string;
    sampleRate?: number;
    channels?: number;
  };
};
const request = (part: Part = {}) =>
  create(CompressFrameRequestSchema, {
    frameData: drawPicture(width, height, Number(part.frameNumber ?? 0)),
    frameType: FrameType.VIDEO,
    mode: CompressionMode.ADAPTIVE,
    ...part,
    metadata: { width, height, fps: 30, codec: 'i420', ...part.metadata },
  });

async function compressAll(requests: CompressFrameRequest[]): Promise<CompressFrameResponse[]> {
  const stream = (async function* () {
    yield* requests;
  })();
  return Array.fromAsync(client.compressStream(stream));
}

async function restoreAll(responses: CompressFrameResponse[], codec = 'i420', more = {}) {
  const stream = (async function* () {
    for (const { compressedData, codec: from, isKeyframe } of responses)
      yield { compressedData, codec: from, metadata: { codec, isKeyframe, ...more } };
  })();
  return Array.fromAsync(client.decompressStream(stream));
}

const luma = (data: Uint8Array) => ({ data, stride: width, width, height });
const numbered = (count: number, part: Part = {}) =>
  Array.from({ length: count }, (_, i) => request({ frameNumber: BigInt(i), ...part }));

describe('a stream of video', () => {
  it('is compressed frame by frame with one encoder, and made whole again', async () => {
    const requests = numbered(12);
    const responses = await compressAll(requests);
    expect(responses.map(({ frameNumber }) => Number(frameNumber))).toEqual(requests.map((_, i) => i));
    expect(responses.map(({ isKeyframe }) => isKeyframe)).toEqual([true, ...Array<boolean>(11).fill(false)]);
    for (const { codec, fallbackUsed, actualCompressionRatio } of responses) {
      expect([codec, fallbackUsed]).toEqual(['av1', false]);
      expect(actualCompressionRatio).toBeGreaterThan(0.9);
    }
    const restored = await restoreAll(responses);
    for (const [i, { frameData, metadata }] of restored.entries()) {
      expect(metadata).toMatchObject({ width, height, codec: 'i420' });
      expect(computeSsim(luma(frameData), luma(requests[i]!.frameData))).toBeGreaterThan(0.9);
    }
  });

  it('can be decoded at the lowest quality too, also where nothing moves', async () => {
    const size = { width: 320, height: 240 };
    const requests = Array.from({ length: 20 }, (_, i) =>
      request({
        frameNumber: BigInt(i),
        frameData: drawPicture(size.width, size.height, i >> 1),
        mode: CompressionMode.AGGRESSIVE,
        metadata: size,
      }),
    );
    const restored = await restoreAll(await compressAll(requests));
    expect(restored.map(({ status }) => status)).toEqual(requests.map(() => CompressionStatus.SUCCESS));
  });

  it('has a measured SSIM that is that of what the receiver decodes', async () => {
    const requests = numbered(3);
    const responses = await compressAll(requests);
    const measured = responses.slice(1).filter(({ aiMetadata }) => aiMetadata!.confidence > 0);
    expect(measured.map(({ aiMetadata }) => aiMetadata!.customHints.measuredFrame)).toEqual([0]);
    const { aiMetadata } = measured[0]!;
    const [first] = await restoreAll(responses);
    const seen = computeSsim(luma(first!.frameData), luma(requests[0]!.frameData));
    expect(aiMetadata!.ssim).toBeCloseTo(seen, 5);
  });

  it('is measured by the pixels that came, whatever becomes of the memory that they came in', async () => {
    const compressor = new VideoCompressor({
      kind: 'video',
      mode: 'adaptive',
      codec: 'i420',
      width,
      height,
      fps: 30,
      isSingle: false,
      maxBitrate: 0,
      targetRatio: 0,
      sampleRate: 0,
      channels: 1,
    });
    const data = drawPicture(width, height, 0);
    const frames = [await compressor.process(data)];
    data.fill(255);
    for (const number of [1, 2]) frames.push(await compressor.process(drawPicture(width, height, number)));
    compressor.close();
    const [measured] = frames.flatMap((frame) => frame.measured ?? []);
    expect(measured!.frame).toBe(0);
    expect(measured!.ssim).toBeGreaterThan(0.9);
  });

  it('takes frames of screens in RGBA, and gives RGBA back', async () => {
    const rgba = new Uint8Array(width * height * 4).fill(255);
    for (let i = 0; i < width * 40; i++) rgba.set([20, 40, 200], i * 4);
    const part: Part = { frameData: rgba, frameType: FrameType.SCREEN, metadata: { codec: 'rgba' } };
    const compressed = await compressAll(numbered(2, part));
    expect(compressed[0]!.aiMetadata!.modelVersion).toBe('3.1.2 preset 8');
    const [restored] = await restoreAll(compressed, 'rgba');
    expect(restored!.frameData.length).toBe(rgba.length);
    const pixel = [...restored!.frameData.subarray(0, 3)];
    for (const [i, value] of [20, 40, 200].entries()) expect(Math.abs(pixel[i]! - value)).toBeLessThan(8);
  });

  it('may be encoded already: H.264 becomes AV1', async () => {
    const encoder = await Encoder.create(constants.FF_ENCODER_LIBX264, {
      options: { preset: 'ultrafast', tune: 'zerolatency', crf: 20 },
    });
    const requests: CompressFrameRequest[] = [];
    for (let i = 0; i < 4; i++) {
      const timeBase = { num: 1, den: 30 };
      const data = Buffer.from(drawPicture(width, height, i));
      using frame = Frame.fromVideoBuffer(data, {
        width,
        height,
        format: constants.AV_PIX_FMT_YUV420P,
        timeBase,
      });
      frame.pts = BigInt(i);
      for (const packet of await encoder.encodeAll(frame))
        requests.push(
          request({
            frameData: new Uint8Array(packet.data!),
            metadata: { codec: 'h264', width: 0, height: 0 },
          }),
        );
    }
    encoder.close();
    expect(requests.length).toBe(4);
    const restored = await restoreAll(await compressAll(requests));
    expect(computeSsim(luma(restored[3]!.frameData), luma(drawPicture(width, height, 3)))).toBeGreaterThan(
      0.9,
    );
  });

  it('continues after a bad frame, which is refused with its reason', async () => {
    const responses = await compressAll([
      request(),
      request({ frameData: new Uint8Array(99) }),
      request({ metadata: { width: 50_000, height: 50_000 } }),
      request({ frameType: FrameType.UNKNOWN }),
      request({ frameNumber: 4n }),
    ]);
    expect(responses.map(({ status }) => status)).toEqual([
      CompressionStatus.SUCCESS,
      CompressionStatus.ERROR,
      CompressionStatus.ERROR,
      CompressionStatus.ERROR,
      CompressionStatus.SUCCESS,
    ]);
    expect(responses[1]!.errorMessage).toBe('a frame of 320 × 192 in i420 has 92160 bytes, not 99');
  });

  it('that is later than max_latency_ms comes back as it was, and the next is decoded without it', async () => {
    const size = [1_280, 720] as const;
    const large = (number: number, maxLatencyMs: number) =>
      request({
        frameData: drawPicture(...size, number),
        maxLatencyMs,
        metadata: { width: size[0], height: size[1] },
      });
    const responses = await compressAll([large(0, 5), large(1, 0), large(2, 0)]);
    expect(responses[0]).toMatchObject({
      status: CompressionStatus.TIMEOUT,
      fallbackUsed: true,
      fallbackReason: 'max_latency_ms: no result after 5 ms',
      codec: 'i420',
    });
    expect(Uint8Array.from(responses[0]!.compressedData)).toEqual(drawPicture(...size, 0));
    expect(responses.slice(1).map(({ isKeyframe }) => isKeyframe)).toEqual([true, false]);
    expect((await restoreAll(responses.slice(1))).map(({ errorMessage }) => errorMessage)).toEqual(['', '']);
  });
});

it('counts its transport in max_latency_ms, where its caller says when it was sent', async () => {
  const sentAtUs = (milliseconds: number) => BigInt(Date.now() - milliseconds) * 1_000n;
  const slow = request({ maxLatencyMs: 1_000, sentAtUs: sentAtUs(1_500) });
  const quick = request({ maxLatencyMs: 1_000, sentAtUs: sentAtUs(0) });
  const ofAnotherClock = request({ sentAtUs: sentAtUs(-60_000) });
  const underWay = request({ sentAtUs: sentAtUs(3_000) });
  const responses = await compressAll([slow, quick, ofAnotherClock, underWay]);
  expect(responses[0]).toMatchObject({
    status: CompressionStatus.TIMEOUT,
    fallbackReason: 'max_latency_ms: no result after 1000 ms',
  });
  expect(responses.slice(1).map(({ codec }) => codec)).toEqual(['av1', 'av1', 'av1']);
  const [before, after] = [responses[2]!, responses[3]!].map(
    ({ performance: timings }) => timings!.totalLatencyMs,
  );
  expect(after! - before!).toBeGreaterThan(2_000);
});

it('is not ended by others that leave while their late frames are compressed', async () => {
  const size = [1_280, 720] as const;
  const late = request({
    frameData: drawPicture(...size),
    maxLatencyMs: 5,
    metadata: { width: size[0], height: size[1] },
  });
  const [staying] = await Promise.all([
    compressAll(numbered(90)),
    ...Array.from({ length: 3 }, async () => {
      for (let i = 0; i < 4; i++) await compressAll([late]);
    }),
  ]);
  expect(staying.filter(({ fallbackUsed }) => fallbackUsed)).toEqual([]);
});

describe('sound', () => {
  it.each([
    [48_000, 1, 20],
    [48_000, 2, 20],
    [16_000, 1, 60],
  ])(
    'of %i Hz, %i channels and frames of %i ms becomes Opus and PCM again',
    async (sampleRate, channels, milliseconds) => {
      const tone = (frame: number) => makeTone({ sampleRate, channels, milliseconds, frame });
      const part: Part = {
        frameType: FrameType.AUDIO,
        metadata: { codec: 'pcm_s16le', sampleRate, channels },
      };
      const responses = await compressAll(
        Array.from({ length: 10 }, (_, i) => request({ ...part, frameData: tone(i) })),
      );
      expect(responses.map(({ codec }) => codec)).toEqual(Array(10).fill('opus'));
      const sent = responses.reduce((sum, { compressedSizeBytes }) => sum + compressedSizeBytes, 0);
      expect(sent).toBeLessThan(tone(0).length * 10 * 0.15);
      const restored = await restoreAll(responses, 'pcm_s16le', { sampleRate, channels });
      const last = restored[9]!.frameData;
      expect(last.length).toBe(48 * milliseconds * channels * 2);
      const power = (bytes: Uint8Array) => {
        const samples = new Int16Array(Uint8Array.from(bytes).buffer);
        return samples.reduce((sum, value) => sum + value * value, 0) / samples.length;
      };
      expect(power(last) / power(tone(9))).toBeCloseTo(1, 0);
    },
  );
});

describe('data', () => {
  it('shares one window in a session, and comes back exactly', async () => {
    const messages = Array.from({ length: 20 }, (_, i) =>
      Buffer.from(
        JSON.stringify({ type: 'pointer', participant: 'a participant with a long name', x: i, y: i * 3 }),
      ),
    );
    const part: Part = { frameType: FrameType.DATA, metadata: { codec: 'bytes' } };
    const responses = await compressAll(messages.map((frameData) => request({ ...part, frameData })));
    expect(responses[19]!.compressedSizeBytes).toBeLessThan(responses[0]!.compressedSizeBytes / 2);
    const restored = await restoreAll(responses, 'bytes');
    expect(restored.map(({ frameData }) => Buffer.from(frameData).toString())).toEqual(messages.map(String));
  });
});

describe('a single frame', () => {
  it.each([
    ['video', {}, FrameType.VIDEO],
    ['sound', { frameData: makeTone({}), metadata: { codec: 'pcm_s16le' } }, FrameType.AUDIO],
    ['data', { frameData: Buffer.from('a'.repeat(500)), metadata: { codec: 'bytes' } }, FrameType.DATA],
  ])('of %s is decoded by itself', async (_kind, part: Part, frameType) => {
    const asked = request({ ...part, frameType });
    const { compressedData, codec, fallbackUsed } = await client.compressFrame(asked);
    expect(fallbackUsed).toBe(false);
    const restored = await client.decompressFrame({ compressedData, codec });
    expect(restored.frameData.length).toBe(asked.frameData.length);
  });

  it('comes back as it was when compression is off', async () => {
    const asked = request({ mode: CompressionMode.OFF });
    const response = await client.compressFrame(asked);
    expect(Uint8Array.from(response.compressedData)).toEqual(asked.frameData);
    expect(response).toMatchObject({ codec: 'i420', fallbackUsed: false, actualCompressionRatio: 0 });
  });
});
