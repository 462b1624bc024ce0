/**
 * What a provider counted for one request, in its own figures. The four kinds of input do not overlap, whatever the provider's own
 * format does.
 */
export interface TokenUsage {
  /** Input that was neither read from a cache nor written to one. */
  inputTokens: number;
  /** All that the model produced, with its reasoning. */
  outputTokens: number;
  cacheReadTokens: number;
  /** Input that was written to a cache for five minutes. */
  cacheWriteTokens: number;
  /** Input that was written to a cache for an hour. */
  cacheWriteHourTokens: number;
  /** The part of the output that was reasoning; null where the provider does not say. */
  reasoningTokens: number | null;
}

/** What was used of speech: a provider charges by time, or by characters. */
export interface SpeechUsage {
  /** Milliseconds of audio that were sent or produced. */
  audioMs: number;
  /** Characters of text that were spoken; null for speech to text. */
  characters: number | null;
}
