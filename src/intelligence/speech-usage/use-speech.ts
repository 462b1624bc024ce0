import { type Ctx, systemScopeOf } from '../../kernel/context/index.ts';
import { AppError, requirePermission } from '../../kernel/core/index.ts';
import { selectNothing } from '../../kernel/db/index.ts';
import { countIncluded, holdIncluded } from '../../calls/included-use/index.ts';
import { holdFeature } from '../../identity/entitlements/index.ts';
import { liveBudgetOf, selectBudget } from '../ai-budgets/index.ts';
import { ceilMicros } from '../models/index.ts';
import { ProviderFailure, type SpeechService } from '../providers/index.ts';
import type { SpeechMeter } from './speech-usage.enums.ts';
import { speechErrors } from './speech-usage.errors.ts';
import { engineOf, type SpeechEngine, type SpeechQuantity, usageOf, userOf } from './usage-events.ts';

/** A reservation that is never settled ends after this time. */
const HOLD_MS = 120_000;
const LIST_MS = 5_000;

/** The error for a failure of an engine: only a refused request concerns the caller. */
export function speechErrorOf(error: unknown): unknown {
  if (error instanceof AppError) return error;
  if (!(error instanceof ProviderFailure)) return error;
  const { kind, detail, retryAfterMs } = error;
  // A provider's message about its rate limit names the account of the platform.
  if (kind === 'request_refused')
    return speechErrors.requestRefused({ cause: error, ...(detail === undefined ? {} : { detail }) });
  const wait = retryAfterMs === undefined ? {} : { retryAfterSeconds: Math.ceil(retryAfterMs / 1000) };
  return kind === 'busy'
    ? speechErrors.busy({ cause: error, ...wait })
    : speechErrors.degraded({ cause: error });
}

/**
 * Asks the speech service for one answer.
 * @throws AppError `speech.degraded`, `.busy` or `.request_refused`
 */
async function askSpeech<T>(
  ctx: Ctx,
  timeLimitMs: number,
  ask: (service: SpeechService, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const service = ctx.ports.speech?.(ctx.organizationId);
  if (!service) throw speechErrors.degraded({ detail: 'no speech service is configured' });
  try {
    return await ask(service, AbortSignal.timeout(timeLimitMs));
  } catch (error) {
    throw speechErrorOf(error);
  }
}

/**
 * Asks the speech service for a list. Only the credential is read from the database.
 * @throws AppError as `askSpeech`, or `auth.forbidden` without `ai:read`
 */
export async function readSpeech<T>(
  ctx: Ctx,
  ask: (service: SpeechService, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  requirePermission(ctx.actor, 'ai:read');
  await ctx.read((q) => [selectNothing(q)]);
  return askSpeech(ctx, LIST_MS, ask);
}

interface CountedUse<T> {
  meter: SpeechMeter;
  /** Characters. */
  quantity: number;
  engine?: SpeechEngine;
  /** The call in which it is used; absent outside calls. */
  place?: { roomId: string; callId: string } | undefined;
  /** Ends what `ask` began, if it cannot be counted. */
  discard?(result: T): Promise<void>;
}

interface SpeechUse<T> extends CountedUse<T> {
  timeLimitMs: number;
  ask(service: SpeechService, signal: AbortSignal): Promise<T>;
}

/**
 * Reserves the cost of a request, within plan and budget.
 * @param holdMs how long the reservation lasts when it is never settled
 * @returns micro-units of the currency; null without a budget
 * @throws AppError `speech.price_unknown`, `speech.out_of_budget`, `billing.feature_not_included` or
 * `billing.limit_reached`
 */
export async function reserveSpeech(
  ctx: Ctx,
  { id, meter, quantity, engine }: SpeechQuantity,
  holdMs = HOLD_MS,
): Promise<number | null> {
  const { organizationId } = ctx;
  const now = new Date(ctx.clock.now());
  const [, [budget]] = await ctx.read((q) => [
    holdFeature(q, { organizationId, now, feature: 'speech' }),
    selectBudget(q, organizationId),
    holdIncluded(q, { organizationId, now }, [{ meter, quantity }]),
  ]);
  if (!budget) return null;
  const price = await ctx.ports.modelPrices.findOfMeter(ctx, meter, engineOf({ meter, engine }));
  if (!price) throw speechErrors.priceUnknown({ detail: `the price of ${meter} is unknown` });
  const amount = Number(ceilMicros(quantity, price));
  const live = liveBudgetOf(budget, ctx.clock.now());
  const { outcome } = await ctx.ports.budgets.reserve(organizationId, live, { id, amount, ttlMs: holdMs });
  if (outcome === 'refused') throw speechErrors.outOfBudget();
  return amount;
}

/**
 * Asks an engine for something that costs, within plan and budget of the organization. The cost is reserved first, and
 * counted once the engine has accepted the request; a refused request costs nothing. If the plan refuses use beyond
 * what it includes, the commit decides, and an answer beyond it is not given.
 * @throws AppError `speech.*`, `billing.feature_not_included`, `billing.limit_reached`, `auth.forbidden` without
 * `ai:write`, or what `ask` throws
 */
export async function useCounted<T>(ctx: Ctx, use: CountedUse<T>, ask: () => Promise<T>): Promise<T> {
  requirePermission(ctx.actor, 'ai:write');
  const { organizationId } = ctx;
  const asked = { ...use, id: ctx.ids.create('request') };
  const amount = await reserveSpeech(ctx, asked);
  let result: T;
  try {
    result = await ask();
  } catch (error) {
    if (amount !== null) await ctx.ports.budgets.release(organizationId, asked.id);
    throw error;
  }
  try {
    if (amount !== null) await ctx.ports.budgets.settle(organizationId, asked.id, amount);
    const at = new Date(ctx.clock.now());
    return await ctx.commit({
      write: (q) => [
        holdIncluded(q, { organizationId, now: at }, [use]),
        countIncluded(q, { organizationId, at }, [use]),
      ],
      events: [usageOf(asked, at, userOf(ctx), use.place)],
      result,
    });
  } catch (error) {
    await use.discard?.(result);
    throw error;
  }
}

/** Asks the speech service for something that costs. @throws AppError as `useCounted` */
export const useSpeech = <T>(ctx: Ctx, use: SpeechUse<T>): Promise<T> =>
  useCounted(ctx, use, () => askSpeech(ctx, use.timeLimitMs, use.ask));

/**
 * Counts the use that `reserveSpeech` reserved, in the name of the organization, because the asker may have lost
 * access since.
 * @param reserved the whole quantity for which the amount was reserved
 */
export async function countSpeech(
  ctx: Ctx,
  used: SpeechQuantity & { reserved: number; amount: number | null; userId: string | null },
): Promise<void> {
  const { id, quantity, reserved, amount, userId } = used;
  const { organizationId } = ctx;
  if (amount !== null)
    await ctx.ports.budgets.settle(organizationId, id, Math.ceil((amount * quantity) / reserved));
  if (quantity === 0) return;
  const at = new Date(ctx.clock.now());
  await ctx.commit({
    scope: systemScopeOf(organizationId),
    write: (q) => [countIncluded(q, { organizationId, at }, [used])],
    events: [usageOf(used, at, userId)],
    result: undefined,
  });
}
