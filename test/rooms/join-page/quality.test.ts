import { describe, expect, it } from 'vitest';
import { sampleSchema } from '../../../src/insights/verdicts/index.ts';
import { analyzeNetwork, settingsOfLevel } from '../../../src/media/network/index.ts';
import { type Encoding, followVideo } from '../../../workers/pages/join/quality/encodings.ts';
import { type MeasuredTrack, Measurer } from '../../../workers/pages/join/quality/measure.ts';

const videoOf = (level: number) =>
  settingsOfLevel(level, analyzeNetwork([], 0), 'conservative', { cpuLimited: false, maxSendBps: null })
    .video;
const SIMULCAST: (Encoding & { rid: string })[] = [4, 2, 1].map((scaleResolutionDownBy) => ({
  rid: `s${scaleResolutionDownBy}`,
  scaleResolutionDownBy,
}));

describe('the encodings that follow a recommendation', () => {
  it('switch larger layers off, and never have more bits than recommended', () => {
    for (let level = 2; level < 8; level++) {
      const video = videoOf(level)!;
      const on = followVideo(SIMULCAST, video, 720).filter(({ active }) => active);
      expect(on.reduce((sum, { maxBitrate }) => sum + maxBitrate!, 0)).toBeLessThanOrEqual(video.maxBps);
      expect(on.map(({ scaleResolutionDownBy }) => 720 / scaleResolutionDownBy!).at(-1)).toBeLessThanOrEqual(
        video.layers.at(-1)!.height * 1.1,
      );
      expect(on.every(({ maxFramerate }) => maxFramerate === video.framesPerSecond)).toBe(true);
    }
    // Between two layers the smaller one is alone, and as high as recommended.
    expect(followVideo(SIMULCAST, videoOf(3), 720)).toMatchObject([
      { active: true, scaleResolutionDownBy: 720 / 270 },
      { active: false },
      { active: false },
    ]);
    expect(followVideo(SIMULCAST, videoOf(6), 720).map(({ active }) => active)).toEqual([true, true, true]);
    expect(followVideo(SIMULCAST, videoOf(4), 720).map(({ active }) => active)).toEqual([true, true, false]);
  });

  it('scale a video down that has one encoding, and send no video where sound alone is recommended', () => {
    expect(followVideo([{}] as Encoding[], videoOf(4), 720)).toMatchObject([
      { active: true, scaleResolutionDownBy: 2 },
    ]);
    expect(followVideo([{}] as Encoding[], videoOf(7), 720)).toMatchObject([
      { active: true, scaleResolutionDownBy: 1 },
    ]);
    expect(followVideo(SIMULCAST, null, 720).some(({ active }) => active)).toBe(false);
  });
});

describe('a measurement of the page', () => {
  const track = (seconds: number, lost = 0): MeasuredTrack => ({
    id: 'TR_1',
    kind: 'video',
    source: 'camera',
    muted: false,
    entries: [
      {
        type: 'outbound-rtp',
        packetsSent: 50 * seconds,
        bytesSent: 20_000 * seconds,
        framesPerSecond: 24,
        frameHeight: 360,
      },
      {
        type: 'outbound-rtp',
        packetsSent: 50 * seconds,
        bytesSent: 80_000 * seconds,
        framesPerSecond: 24,
        frameHeight: 720,
        qualityLimitationReason: 'bandwidth',
      },
      { type: 'remote-inbound-rtp', packetsLost: lost, jitter: 0.004 },
      {
        type: 'candidate-pair',
        nominated: true,
        currentRoundTripTime: 0.08,
        availableOutgoingBitrate: 1_200_000,
      },
      { type: 'candidate-pair', currentRoundTripTime: 9 },
    ],
  });
  const received: MeasuredTrack = {
    id: 'TR_2',
    kind: 'video',
    source: 'camera',
    publisherIdentity: 'gst_01jd3v7q8gf4kr2x6a0w9mznpe',
    muted: false,
    entries: [
      {
        type: 'inbound-rtp',
        packetsReceived: 10,
        packetsLost: 1,
        bytesReceived: 5_000,
        freezeCount: 1,
        totalFreezesDuration: 0.4,
      },
    ],
  };

  it('is a sample that the API takes, from the second one on, of what happened since the one before', () => {
    const measurer = new Measurer();
    expect(measurer.measure([track(10)], 1_000_000)).toBeUndefined();
    const sample = measurer.measure([track(15, 25), received], 1_005_000)!;
    expect(sample).toMatchObject({
      windowSeconds: 5,
      roundTripSeconds: 0.08,
      availableOutgoingBps: 1_200_000,
    });
    expect(sample.tracks).toMatchObject([
      {
        direction: 'send',
        packets: 500,
        packetsLost: 25,
        bitrateBps: 800_000,
        height: 720,
        limitation: 'bandwidth',
      },
    ]);
    const next = measurer.measure(
      [track(20, 25), { ...received, entries: [{ ...received.entries[0]!, packetsReceived: 20 }] }],
      1_010_000,
    )!;
    expect(next.tracks).toMatchObject([
      { packetsLost: 0 },
      { direction: 'receive', packets: 10, freezes: 0 },
    ]);
    expect(sampleSchema.safeParse(JSON.parse(JSON.stringify(next)))).toMatchObject({ success: true });
  });

  it('counts the bytes of all packets since the connection began, also of tracks that are gone or began again', () => {
    const measurer = new Measurer();
    const sent = (id: string, bytes: number): MeasuredTrack => ({
      ...track(0),
      id,
      entries: [{ type: 'outbound-rtp', bytesSent: bytes, headerBytesSent: bytes / 10 }],
    });
    const got = {
      ...received,
      entries: [{ type: 'inbound-rtp', bytesReceived: 900, headerBytesReceived: 100 }],
    };
    measurer.measure([sent('TR_1', 1_000)], 0);
    const first = measurer.measure([sent('TR_1', 2_000), sent('TR_3', 500), got], 5_000);
    expect(first).toMatchObject({ sentBytes: 2_750, receivedBytes: 1_000 });
    expect(measurer.measure([sent('TR_3', 100), got], 10_000)).toMatchObject({
      sentBytes: 2_860,
      receivedBytes: 1_000,
    });
  });

  it('is left out after the page slept for more than a minute, and right again afterwards', () => {
    const measurer = new Measurer();
    measurer.measure([track(1)], 0);
    expect(measurer.measure([track(100)], 90_000)).toBeUndefined();
    expect(measurer.measure([track(105)], 95_000)).toMatchObject({ tracks: [{ bitrateBps: 800_000 }] });
  });
});
