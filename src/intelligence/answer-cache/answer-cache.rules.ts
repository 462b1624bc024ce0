import type { CreateGeneration } from '../generation-requests/index.ts';
import type { AiProviderName, ChatPart, StopReason, TokenUsage } from '../providers/index.ts';

/** How long an answer is kept that a request asks to keep where the organization has said nothing. */
const DEFAULT_SECONDS = 3_600;
const MAX_OUTPUT = 32_000;

/** That an answer may be reused, and kept for so long. */
export interface ReuseTerms {
  keyHash: string;
  seconds: number;
  /** The model that is asked first: only its answer is kept. */
  provider: AiProviderName;
  model: string;
}

/** What reusing an answer has saved, as its generation shows it. */
export interface SavedByReuse {
  usage: TokenUsage;
  /** At the prices of the moment, in millionths of a USD; null when one is not known. */
  amountMicros: number | null;
}

/** A kept answer that was opened. */
export interface ReusableAnswer {
  output: readonly ChatPart[];
  stopReason: StopReason;
  usage: TokenUsage;
}

/**
 * For how long the answer to a request may be kept and reused; null when it may not.
 * @param ofOrganization as its preferences say, for requests that say nothing
 */
export function reuseSecondsOf(
  { reuse, temperature, tools = [] }: Pick<CreateGeneration, 'reuse' | 'temperature' | 'tools'>,
  ofOrganization: number | null,
): number | null {
  if (reuse === true) return ofOrganization ?? DEFAULT_SECONDS;
  if (reuse === false) return null;
  return temperature === 0 && tools.length === 0 ? ofOrganization : null;
}

/** All of a request that its answer depends on. Fields have the order of the schema, whatever order they came in. */
export const textOfRequest = (
  model: string,
  {
    policy: _policy,
    model: _named,
    fallbackModels: _others,
    stream: _stream,
    reuse: _reuse,
    ...rest
  }: CreateGeneration,
): string => JSON.stringify([model, rest]);

/** The answer as it is kept; null for one that is not. */
export function keptText(output: readonly ChatPart[], stopReason: StopReason): string | null {
  if (stopReason === 'refusal' || output.length === 0) return null;
  const text = JSON.stringify(output);
  return text.length <= MAX_OUTPUT ? text : null;
}
