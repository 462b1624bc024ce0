/**
 * The provider's figures for one request. The four kinds of input do not overlap, even if they do in the provider's
 * own format.
 */
export interface TokenUsage {
  /** Input that was neither read from a cache nor written to one. */
  inputTokens: number;
  /** All output of the model, with its reasoning. */
  outputTokens: number;
  cacheReadTokens: number;
  /** Input that was written to a cache for five minutes. */
  cacheWriteTokens: number;
  /** Input that was written to a cache for an hour. */
  cacheWriteHourTokens: number;
  /** The part of the output that was reasoning; null when the provider does not report it. */
  reasoningTokens: number | null;
}

/** The use of speech: a provider charges by time, or by characters. */
export interface SpeechUsage {
  /** Milliseconds of audio that were sent or produced. */
  audioMs: number;
  /** Characters of text that were spoken; null for speech to text. */
  characters: number | null;
}
