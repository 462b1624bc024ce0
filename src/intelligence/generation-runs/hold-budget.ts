import type { Services } from '../../kernel/context/index.ts';
import { formatDecimal } from '../../kernel/money/index.ts';
import type { Budget, Reservation } from '../../platform/limits/index.ts';
import {
  type Candidate,
  type GenerationOutcome,
  type GenerationPlan,
  hedgeIdOf,
  NO_USAGE,
  tokensOf,
} from '../generations/index.ts';
import { costMicros } from '../models/index.ts';
import type { TokenUsage } from '../providers/index.ts';
import { EndedByGateway, type StoredRun, TIME_LIMIT_MS } from './runs.rules.ts';

/** A reservation that is never settled ends this long after the time limit of a generation. */
const GRACE_MS = 60_000;
const MICRO_DIGITS = 6;

const usd = (micros: number) => `${formatDecimal(BigInt(micros), MICRO_DIGITS)} USD`;

const shareIdOf = (id: string) => `${id}.share`;

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
 * Reserves the most that the request may cost with one model, also from the share that applies to it.
 * @param id of the reservation
 * @throws EndedByGateway `out_of_budget`
 */
export async function holdBudget(
  services: Services,
  { organizationId, hold }: GenerationPlan,
  id: string,
): Promise<void> {
  if (!hold) return;
  const { budget, share, amountMicros: amount } = hold;
  if (share) await reserve(services, organizationId, share, { id: shareIdOf(id), amount });
  try {
    await reserve(services, organizationId, budget, { id, amount });
  } catch (error) {
    if (share) await services.ports.budgets.release(organizationId, shareIdOf(id));
    throw error;
  }
}

/** Gives back what was reserved for a model that is not asked. */
export async function releaseBudget(
  { ports }: Services,
  { organizationId, hold }: GenerationPlan,
  id: string,
): Promise<void> {
  if (!hold) return;
  await ports.budgets.release(organizationId, id);
  if (hold.share) await ports.budgets.release(organizationId, shareIdOf(id));
}

/**
 * The most that may be charged: for an answer without final figures, the output has at most as many tokens as bytes.
 */
function chargedAtMost(
  { usageState, usage }: Pick<GenerationOutcome, 'usageState' | 'usage'>,
  run: Pick<StoredRun, 'usage' | 'input' | 'maxOutputTokens'>,
  bytes: number,
): TokenUsage {
  if (usageState === 'exact') return usage;
  // Without figures of the provider, the input counts as at most its number of bytes.
  const inputTokens = run.usage === null ? (run.input?.most ?? usage.inputTokens) : usage.inputTokens;
  return {
    ...usage,
    inputTokens,
    outputTokens: Math.max(usage.outputTokens, Math.min(bytes, run.maxOutputTokens)),
  };
}

/** Replaces the reservation of one model by its cost. */
async function settleOne(
  { ports }: Services,
  { hold, organizationId }: Pick<StoredRun, 'hold' | 'organizationId'>,
  { id, candidate, usage }: { id: string; candidate: Candidate; usage: TokenUsage },
): Promise<void> {
  if (!hold) return;
  const { key, rates } = candidate;
  const cost = key ? 0n : rates && costMicros(tokensOf(usage), rates);
  // If the price of something unexpected is unknown, all that was reserved is taken.
  const actual = cost === null ? hold.amountMicros : Number(cost);
  await ports.budgets.settle(organizationId, id, actual);
  if (hold.share) await ports.budgets.settle(organizationId, shareIdOf(id), actual);
}

/** Replaces the reservations by the cost of the answer, and of a second model. It may be repeated. */
export async function settleHold(
  services: Services,
  run: StoredRun,
  outcome: GenerationOutcome,
  bytes: number,
): Promise<void> {
  const { candidate, generationId, hedge } = run;
  const isNothing = outcome.usageState === 'none' && bytes === 0;
  const usage = isNothing ? NO_USAGE : chargedAtMost(outcome, run, bytes);
  await settleOne(services, run, { id: generationId, candidate, usage });
  if (!hedge || !outcome.hedge) return;
  // One that was cut off may have read the input, and its provider charges that.
  const isIdle = hedge.state === 'failed' && outcome.hedge.usageState === 'none';
  const used = isIdle
    ? NO_USAGE
    : chargedAtMost(outcome.hedge, { ...run, usage: hedge.usage }, hedge.outputBytes);
  await settleOne(services, run, { id: hedgeIdOf(generationId), candidate: hedge.candidate, usage: used });
}
