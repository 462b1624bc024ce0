import { describe, expect, it } from 'vitest';
import {
  delayImpairment,
  lossImpairment,
  mosOfR,
  speechMos,
  summariesOf,
  videoIndex,
} from '../../../src/insights/verdicts/index.ts';

describe('the E-model', () => {
  it('converts R to the scores of G.107 Annex B', () => {
    for (const [r, mos] of [
      [90, 4.34],
      [80, 4.03],
      [70, 3.6],
      [60, 3.1],
      [50, 2.58],
    ] as const)
      expect(Math.abs(mosOfR(r) - mos)).toBeLessThan(0.01);
    expect([mosOfR(-5), mosOfR(0), mosOfR(100), mosOfR(150)]).toEqual([1, 1, 4.5, 4.5]);
    expect(mosOfR(93.2)).toBeCloseTo(4.41, 2);
  });

  it('deducts nothing up to 100 ms, little up to 200 ms, and more than a category at 400 ms', () => {
    expect(delayImpairment(100)).toBe(0);
    expect(delayImpairment(200)).toBeLessThan(5);
    expect(delayImpairment(400)).toBeGreaterThan(20);
    expect(delayImpairment(400)).toBeLessThan(30);
  });

  it('deducts for loss what the published parameters of G.711 give', () => {
    // Ie,eff = 95 * Ppl / (Ppl + Bpl), Bpl from G.113 Appendix I.
    expect(lossImpairment(0.02, 1, { ie: 0, bpl: 4.3 })).toBeCloseTo(30.2, 1);
    expect(lossImpairment(0.02, 1, { ie: 0, bpl: 25.1 })).toBeCloseTo(7, 1);
    expect(lossImpairment(0)).toBe(0);
  });

  it('falls with loss, delay and jitter, and stays on its scale for extreme values', () => {
    const scores = [0, 0.01, 0.03, 0.1, 0.3, 1].map((lossRatio) =>
      speechMos({ lossRatio, roundTripSeconds: 0 }),
    );
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
    expect(scores[0]).toBeCloseTo(4.41, 2);
    const late = [0.05, 0.3, 0.8].map((roundTripSeconds) => speechMos({ lossRatio: 0, roundTripSeconds }));
    expect(late).toEqual(late.toSorted((a, b) => b - a));
    for (const lossRatio of [0, 1])
      for (const roundTripSeconds of [0, 60]) {
        const mos = speechMos({ lossRatio, roundTripSeconds, jitterSeconds: 60 });
        expect(mos).toBeGreaterThanOrEqual(1);
        expect(mos).toBeLessThanOrEqual(4.5);
      }
  });
});

describe('the video index', () => {
  const best = { height: 720, framesPerSecond: 30, freezeRatio: 0 };

  it('is 5 for the requested height at full rate, and falls with height, frame rate and freezes', () => {
    expect(videoIndex(best)).toBe(5);
    expect(videoIndex({ ...best, height: 180, wantedHeight: 180 })).toBe(5);
    expect(videoIndex({ ...best, height: 360 })).toBeCloseTo(4);
    expect(videoIndex({ ...best, framesPerSecond: 6.25 })).toBeCloseTo(3);
    expect(videoIndex({ ...best, freezeRatio: 0.2 })).toBeLessThan(2.5);
    expect(videoIndex({ ...best, framesPerSecond: 5, screen: true })).toBe(5);
    expect(videoIndex({ height: 0, framesPerSecond: 0, freezeRatio: 1 })).toBe(1);
  });
});

describe('a summary', () => {
  const audio = { kind: 'audio', source: 'microphone', packets: 250, packetsLost: 0 } as const;
  const sample = (identity: string, roundTripSeconds: number, tracks: object[]) => ({
    identity,
    endMs: 5000,
    sample: { windowSeconds: 5, roundTripSeconds, tracks: tracks as never[] },
  });

  it('rates speech by concealed audio where it is reported, and by the round trips of both participants', () => {
    const speaker = sample('usr_a', 0.4, [{ ...audio, direction: 'send' }]);
    const received = { ...audio, direction: 'receive', publisherIdentity: 'usr_a', packetsLost: 50 };
    const summaries = summariesOf([
      speaker,
      sample('usr_b', 0.4, [{ ...received, concealedRatio: 0 }]),
      sample('usr_c', 0.4, [received]),
    ]);
    const alone = speechMos({ lossRatio: 0, roundTripSeconds: 0.4 });
    expect(summaries.get('usr_a')!.send.mos).toBeCloseTo(alone, 2);
    expect(summaries.get('usr_b')!.receive.mos!).toBeLessThan(summaries.get('usr_a')!.send.mos!);
    expect(summaries.get('usr_c')!.receive.mos!).toBeLessThan(summaries.get('usr_b')!.receive.mos!);
    expect(summaries.get('usr_c')!.receive.lossRatio).toBe(0.2);
  });

  it('has no score of speech without the round trip, because the delay is not known', () => {
    const quiet = { ...audio, bitrateBps: 40_000 };
    const received = { ...quiet, direction: 'receive', publisherIdentity: 'usr_b' };
    const { roundTripSeconds: _unknown, ...rest } = sample('usr_a', 0, [
      { ...quiet, direction: 'send' },
      received,
    ]).sample;
    const observation = { identity: 'usr_a', endMs: 5000, sample: rest };
    const summary = summariesOf([observation, sample('usr_b', 0.4, [])]).get('usr_a')!;
    expect(summary).toMatchObject({
      roundTripSeconds: null,
      send: { mos: null, lossRatio: 0, bitrateBps: 40_000 },
      receive: { mos: null },
    });
  });

  it('has the mean bitrate of the samples in which every track has one, and none of others', () => {
    const sent = { ...audio, direction: 'send' };
    const summary = summariesOf([
      sample('usr_a', 0.05, [{ ...sent, bitrateBps: 30_000 }]),
      sample('usr_a', 0.05, [{ ...sent, bitrateBps: 50_000 }, sent]),
      sample('usr_b', 0.05, [sent]),
    ]);
    expect(summary.get('usr_a')!.send.bitrateBps).toBe(30_000);
    expect(summary.get('usr_b')!.send.bitrateBps).toBeNull();
  });

  it('is null, not zero, for what was not measured', () => {
    const summary = summariesOf([sample('usr_a', 0.05, [])]).get('usr_a')!;
    expect(summary.send).toMatchObject({ mos: null, videoIndex: null, lossRatio: null, bitrateBps: null });
    const muted = [{ ...audio, direction: 'send', muted: true }];
    expect(summariesOf([sample('usr_a', 0.05, muted)]).get('usr_a')!.send.mos).toBeNull();
  });
});
