import { describe, expect, it } from 'vitest';
import { refillTokens, takeTokens } from '../../../src/realtime/sockets/index.ts';

const rate = { perSecond: 2, burst: 10 };

describe('a token bucket', () => {
  it('refills with time, up to the burst', () => {
    expect(refillTokens({ tokens: 0, tokensAtMs: 0 }, rate, 1_500)).toBe(3);
    expect(refillTokens({ tokens: 0, tokensAtMs: 0 }, rate, 60_000)).toBe(10);
  });

  it('refills from debt as well', () => {
    expect(refillTokens({ tokens: -4, tokensAtMs: 0 }, rate, 1_000)).toBe(-2);
  });

  it('loses nothing when the clock goes back', () => {
    expect(refillTokens({ tokens: 5, tokensAtMs: 10_000 }, rate, 0)).toBe(5);
  });

  it('gives what it has and charges nothing for what it refuses', () => {
    const bucket = { tokens: 3, tokensAtMs: 0 };
    expect(takeTokens(bucket, 2, rate, 0)).toBe(true);
    expect(takeTokens(bucket, 2, rate, 0)).toBe(false);
    expect(takeTokens(bucket, 1, rate, 0)).toBe(true);
    expect(takeTokens(bucket, 1, rate, 500)).toBe(true);
  });
});
