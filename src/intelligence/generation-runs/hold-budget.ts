import type { Services } from '../../kernel/context/index.ts';
import { formatDecimal } from '../../kernel/money/index.ts';
import { type GenerationOutcome, type GenerationPlan, NO_USAGE, tokensOf } from '../generations/index.ts';
import { costMicros } from '../models/index.ts';
import type { TokenUsage } from '../providers/index.ts';
import { EndedByGateway, type StoredRun, TIME_LIMIT_MS } from './runs.rules.ts';

/** A reservation that nothing settles ends after this time more than a generation can take. */
const GRACE_MS = 60_000;
const MICRO_DIGITS = 6;

const usd = (micros: number) => `${formatDecimal(BigInt(micros), MICRO_DIGITS)} USD`;

/** Reserves what the request may cost. @throws EndedByGateway `out_of_budget` */
export async function holdBudget(
  { ports }: Services,
  { organizationId, generationId, hold }: GenerationPlan,
): Promise<void> {
  if (!hold) return;
  const { budget, amountMicros: amount } = hold;
  const { outcome, state } = await ports.budgets.reserve(organizationId, budget, {
    id: generationId,
    amount,
    ttlMs: TIME_LIMIT_MS + GRACE_MS,
  });
  if (outcome === 'refused')
    throw new EndedByGateway(
      'out_of_budget',
      `it may cost ${usd(amount)}, and ${usd(state!.available)} is left`,
    );
}

/** What is charged at most: of an answer without its final figures, the output is at most as many tokens as it has bytes. */
function chargedAtMost({ usageState, usage }: GenerationOutcome, run: StoredRun, bytes: number): TokenUsage {
  if (usageState === 'exact') return usage;
  if (usageState === 'none' && bytes === 0) return NO_USAGE;
  // The provider has counted nothing: the input is at most what it has bytes.
  const inputTokens = run.usage === null ? (run.input?.most ?? usage.inputTokens) : usage.inputTokens;
  return {
    ...usage,
    inputTokens,
    outputTokens: Math.max(usage.outputTokens, Math.min(bytes, run.maxOutputTokens)),
  };
}

/** Replaces the reservation by what the answer costs. It may be repeated. */
export async function settleHold(
  { ports }: Services,
  run: StoredRun,
  outcome: GenerationOutcome,
  bytes: number,
): Promise<void> {
  const { hold, candidate, organizationId, generationId } = run;
  if (!hold || !candidate.rates) return;
  const cost = costMicros(tokensOf(chargedAtMost(outcome, run, bytes)), candidate.rates);
  // A price that is unknown for what was used although it was not foreseen: all that was reserved is taken.
  await ports.budgets.settle(organizationId, generationId, cost === null ? hold.amountMicros : Number(cost));
}
