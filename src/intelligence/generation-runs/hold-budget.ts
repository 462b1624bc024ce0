import type { Services } from '../../kernel/context/index.ts';
import { formatDecimal } from '../../kernel/money/index.ts';
import type { Budget, Reservation } from '../../platform/limits/index.ts';
import { type GenerationOutcome, type GenerationPlan, NO_USAGE, tokensOf } from '../generations/index.ts';
import { costMicros } from '../models/index.ts';
import type { TokenUsage } from '../providers/index.ts';
import { EndedByGateway, type StoredRun, TIME_LIMIT_MS } from './runs.rules.ts';

/** A reservation that is never settled ends this long after the time limit of a generation. */
const GRACE_MS = 60_000;
const MICRO_DIGITS = 6;

const usd = (micros: number) => `${formatDecimal(BigInt(micros), MICRO_DIGITS)} USD`;

const shareIdOf = (generationId: string) => `${generationId}.share`;

/** @throws EndedByGateway `out_of_budget` */
async function reserve(
  { ports }: Services,
  organizationId: string,
  budget: Budget,
  { id, amount }: Pick<Reservation, 'id' | 'amount'>,
): Promise<void> {
  const reservation = { id, amount, ttlMs: TIME_LIMIT_MS + GRACE_MS };
  const { outcome, state } = await ports.budgets.reserve(organizationId, budget, reservation);
  if (outcome === 'refused')
    throw new EndedByGateway(
      'out_of_budget',
      `it may cost ${usd(amount)}, and only ${usd(state!.available)} is left`,
    );
}

/**
 * Reserves the most that the request may cost, also from the share that applies to it.
 * @throws EndedByGateway `out_of_budget`
 */
export async function holdBudget(
  services: Services,
  { organizationId, generationId, hold }: GenerationPlan,
): Promise<void> {
  if (!hold) return;
  const { budget, share, amountMicros: amount } = hold;
  const id = shareIdOf(generationId);
  if (share) await reserve(services, organizationId, share, { id, amount });
  try {
    await reserve(services, organizationId, budget, { id: generationId, amount });
  } catch (error) {
    if (share) await services.ports.budgets.release(organizationId, id);
    throw error;
  }
}

/**
 * The most that may be charged: for an answer without final figures, the output has at most as many tokens as bytes.
 */
function chargedAtMost({ usageState, usage }: GenerationOutcome, run: StoredRun, bytes: number): TokenUsage {
  if (usageState === 'exact') return usage;
  if (usageState === 'none' && bytes === 0) return NO_USAGE;
  // Without figures of the provider, the input counts as at most its number of bytes.
  const inputTokens = run.usage === null ? (run.input?.most ?? usage.inputTokens) : usage.inputTokens;
  return {
    ...usage,
    inputTokens,
    outputTokens: Math.max(usage.outputTokens, Math.min(bytes, run.maxOutputTokens)),
  };
}

/** Replaces the reservation by the cost of the answer. It may be repeated. */
export async function settleHold(
  { ports }: Services,
  run: StoredRun,
  outcome: GenerationOutcome,
  bytes: number,
): Promise<void> {
  const { hold, candidate, organizationId, generationId } = run;
  if (!hold || !candidate.rates) return;
  const cost = costMicros(tokensOf(chargedAtMost(outcome, run, bytes)), candidate.rates);
  // If the price of something unexpected is unknown, all that was reserved is taken.
  const actual = cost === null ? hold.amountMicros : Number(cost);
  await ports.budgets.settle(organizationId, generationId, actual);
  if (hold.share) await ports.budgets.settle(organizationId, shareIdOf(generationId), actual);
}
