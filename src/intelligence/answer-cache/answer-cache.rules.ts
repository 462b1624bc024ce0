import type { CreateGeneration } from '../generation-requests/index.ts';
import type { AiProviderName, ChatPart, StopReason, TokenUsage } from '../providers/index.ts';

/** How long an answer is kept when only the request asks for it, and the organization has no preference. */
const DEFAULT_SECONDS = 3_600;
const MAX_OUTPUT = 32_000;

/** The terms of reuse: that an answer may be reused, and how long it is kept. */
export interface ReuseTerms {
  keyHash: string;
  seconds: number;
  /** The model that is asked first; only its answer is kept. */
  provider: AiProviderName;
  model: string;
}

/** The savings by reuse, as the generation shows them. */
export interface SavedByReuse {
  usage: TokenUsage;
  /** At present prices, in millionths of a USD; null when one is unknown. */
  amountMicros: number | null;
}

/** A kept answer that was decrypted. */
export interface ReusableAnswer {
  output: readonly ChatPart[];
  stopReason: StopReason;
  usage: TokenUsage;
}

/**
 * How long the answer to a request may be kept and reused; null when it may not.
 * @param ofOrganization the preference of the organization, for requests without one
 */
export function reuseSecondsOf(
  { reuse, temperature, tools = [] }: Pick<CreateGeneration, 'reuse' | 'temperature' | 'tools'>,
  ofOrganization: number | null,
): number | null {
  if (reuse === true) return ofOrganization ?? DEFAULT_SECONDS;
  if (reuse === false) return null;
  return temperature === 0 && tools.length === 0 ? ofOrganization : null;
}

/**
 * Everything in a request that determines its answer. Fields have the order of the schema, in whatever order they
 * came.
 */
export const textOfRequest = (
  model: string,
  {
    policy: _policy,
    model: _named,
    fallbackModels: _others,
    stream: _stream,
    reuse: _reuse,
    hedgeAfterSeconds: _hedge,
    ...rest
  }: CreateGeneration,
): string => JSON.stringify([model, rest]);

/** The text of the answer to keep; null when it is not kept. */
export function keptText(output: readonly ChatPart[], stopReason: StopReason): string | null {
  if (stopReason === 'refusal' || output.length === 0) return null;
  const text = JSON.stringify(output);
  return text.length <= MAX_OUTPUT ? text : null;
}
