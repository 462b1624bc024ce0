import { type Candidate, type GenerationOutcome, NO_USAGE } from '../generations/index.ts';
import type { TokenUsage } from '../providers/index.ts';

/** What the storage knows of the second model of two that are asked at the same time. */
export interface StoredHedge {
  candidate: Candidate;
  /** `running`: it is being asked, or was until it was cut off. */
  state: 'running' | 'failed' | 'ended';
  /** The provider's latest figures. */
  usage: TokenUsage | null;
  /** What it has certainly produced. */
  leastOutputTokens: number;
  outputBytes: number;
}

/** The facts of a run that its usage depends on. */
interface AskedAmounts {
  maxOutputTokens: number;
  input?: { least: number; most: number };
  hedge?: StoredHedge | null;
}

/**
 * When an answer was cut off, the provider has often not counted the output, or nothing at all, but charges it. It
 * then counts as the least that was read and produced. Otherwise a caller could have answers for nothing by ending
 * them early.
 */
function withLeastUsage<T extends Pick<GenerationOutcome, 'status' | 'usageState' | 'usage'>>(
  outcome: T,
  leastOutputTokens: number,
  { maxOutputTokens, input }: AskedAmounts,
): T {
  const { usageState, usage, status } = outcome;
  const least = Math.min(leastOutputTokens, maxOutputTokens);
  const isCounted = usageState === 'partial';
  if (!isCounted && (usageState === 'exact' || status === 'completed' || least === 0)) return outcome;
  return {
    ...outcome,
    usageState: 'partial',
    usage: {
      ...usage,
      inputTokens: isCounted ? usage.inputTokens : (input?.least ?? 0),
      outputTokens: Math.max(usage.outputTokens, least),
    },
  };
}

/** The usage of the second model, by the same rule. */
function hedgeUse(hedge: StoredHedge, run: AskedAmounts): NonNullable<GenerationOutcome['hedge']> {
  const { candidate, state, usage, leastOutputTokens } = hedge;
  const figures = state === 'ended' ? ('exact' as const) : ('partial' as const);
  const counted = withLeastUsage(
    { status: 'cancelled', usageState: usage ? figures : 'none', usage: usage ?? NO_USAGE },
    leastOutputTokens,
    run,
  );
  return {
    provider: candidate.provider,
    model: candidate.model,
    ownKey: candidate.key !== null,
    usageState: counted.usageState,
    usage: counted.usage,
  };
}

/** An outcome with all that was used, also by a second model. */
export function withUsage(
  outcome: GenerationOutcome,
  leastOutputTokens: number,
  run: AskedAmounts,
): GenerationOutcome {
  const counted = withLeastUsage(outcome, leastOutputTokens, run);
  return run.hedge ? { ...counted, hedge: hedgeUse(run.hedge, run) } : counted;
}
