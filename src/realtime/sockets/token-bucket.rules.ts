/** How often something may happen: `burst` times at once, then `perSecond`. */
export interface RateLimit {
  perSecond: number;
  burst: number;
}

/** Tokens that were left at a moment; they refill with time. */
export interface TokenBucket {
  tokens: number;
  tokensAtMs: number;
}

/** How many tokens there are now. A clock that went back takes none away. */
export const refillTokens = (
  { tokens, tokensAtMs }: TokenBucket,
  { perSecond, burst }: RateLimit,
  nowMs: number,
): number => Math.min(burst, tokens + (Math.max(0, nowMs - tokensAtMs) / 1000) * perSecond);

/** Takes the cost out of the bucket. @returns false, and takes nothing, when there are too few tokens */
export function takeTokens(bucket: TokenBucket, cost: number, rate: RateLimit, nowMs: number): boolean {
  bucket.tokens = refillTokens(bucket, rate, nowMs);
  bucket.tokensAtMs = nowMs;
  if (bucket.tokens < cost) return false;
  bucket.tokens -= cost;
  return true;
}
