import type { Ctx } from '../../kernel/context/index.ts';
import { AppError, type ErrorDetails, requirePermission } from '../../kernel/core/index.ts';
import { selectNothing } from '../../kernel/db/index.ts';
import { countIncluded, holdIncluded } from '../../calls/included-use/index.ts';
import { holdFeature } from '../../identity/entitlements/index.ts';
import { type AiBudget, liveBudgetOf, selectBudget } from '../ai-budgets/index.ts';
import { ceilMicros } from '../models/index.ts';
import { ProviderFailure, type SpeechService } from '../providers/index.ts';
import { SPEECH_MODELS, SPEECH_PROVIDER, type SpeechMeter } from './speech-usage.enums.ts';
import { speechErrors } from './speech-usage.errors.ts';
import { speechUsed } from './speech-usage.events.ts';

/** A reservation that nothing settles ends after this time. */
const HOLD_MS = 120_000;
const LIST_MS = 5_000;

/** How a failure of the speech service is answered: nothing of it is a matter of the caller but a request that it does not take. */
function speechErrorOf(error: unknown): unknown {
  if (error instanceof AppError) return error;
  if (!(error instanceof ProviderFailure)) return error;
  const { kind, detail, retryAfterMs } = error;
  const details: ErrorDetails = {
    cause: error,
    ...(detail === undefined ? {} : { detail }),
    ...(retryAfterMs === undefined ? {} : { retryAfterSeconds: Math.ceil(retryAfterMs / 1000) }),
  };
  if (kind === 'request_refused') return speechErrors.requestRefused(details);
  return kind === 'busy' ? speechErrors.busy(details) : speechErrors.degraded({ cause: error });
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
 * Asks what the speech service has. The database is read for nothing but the credential.
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

interface SpeechUse<T> {
  meter: SpeechMeter;
  /** Characters. */
  quantity: number;
  timeLimitMs: number;
  ask(service: SpeechService, signal: AbortSignal): Promise<T>;
  /** Ends what `ask` began, when it cannot be counted. */
  discard?(result: T): Promise<void>;
}

/** Reserves what the request costs. @throws AppError `speech.price_unknown` or `.out_of_budget` */
async function reserve(ctx: Ctx, id: string, budget: AiBudget, meter: SpeechMeter, quantity: number) {
  const model = { provider: SPEECH_PROVIDER, model: SPEECH_MODELS[meter] };
  const price = await ctx.ports.modelPrices.findOfMeter(ctx, meter, model);
  if (!price) throw speechErrors.priceUnknown({ detail: `the price of ${meter} is not known` });
  const amount = Number(ceilMicros(quantity, price));
  const { outcome } = await ctx.ports.budgets.reserve(
    ctx.organizationId,
    liveBudgetOf(budget, ctx.clock.now()),
    { id, amount, ttlMs: HOLD_MS },
  );
  if (outcome === 'refused') throw speechErrors.outOfBudget();
  return amount;
}

const usageOf = (
  ctx: Ctx,
  requestId: string,
  { meter, quantity }: Pick<SpeechUse<unknown>, 'meter' | 'quantity'>,
  at: Date,
  place: { roomId: string | null; callId: string | null } = { roomId: null, callId: null },
) =>
  speechUsed.of({
    requestId,
    meter,
    provider: SPEECH_PROVIDER,
    model: SPEECH_MODELS[meter],
    quantity,
    causedBy: ctx.actor.kind === 'user' ? ctx.actor.userId : null,
    at: at.toISOString(),
    ...place,
  });

/** Characters that the process of captions had translated in a call; `countIncluded` counts them in the same commit. */
export const translatedEvent = (
  ctx: Ctx,
  quantity: number,
  { at, roomId, callId }: { at: Date; roomId: string; callId: string },
) =>
  usageOf(ctx, ctx.ids.create('request'), { meter: 'translated_characters', quantity }, at, {
    roomId,
    callId,
  });

/**
 * Asks the speech service for what costs something, within plan and budget of the organization: its cost is reserved before, and
 * counted once the service has taken the request. What it does not take costs nothing. Where the plan refuses more than what it includes, the
 * commit decides, and an answer that is beyond it is not given.
 * @throws AppError `speech.*`, `billing.feature_not_included`, `billing.limit_reached`, or `auth.forbidden` without `ai:write`
 */
export async function useSpeech<T>(ctx: Ctx, use: SpeechUse<T>): Promise<T> {
  requirePermission(ctx.actor, 'ai:write');
  const { organizationId } = ctx;
  const now = new Date(ctx.clock.now());
  const [, [budget]] = await ctx.read((q) => [
    holdFeature(q, { organizationId, now, feature: 'speech' }),
    selectBudget(q, organizationId),
    holdIncluded(q, { organizationId, now }, [use]),
  ]);
  const id = ctx.ids.create('request');
  const amount = budget ? await reserve(ctx, id, budget, use.meter, use.quantity) : null;
  let result: T;
  try {
    result = await askSpeech(ctx, use.timeLimitMs, use.ask);
  } catch (error) {
    if (amount !== null) await ctx.ports.budgets.release(organizationId, id);
    throw error;
  }
  try {
    if (amount !== null) await ctx.ports.budgets.settle(organizationId, id, amount);
    const at = new Date(ctx.clock.now());
    return await ctx.commit({
      write: (q) => [
        holdIncluded(q, { organizationId, now: at }, [use]),
        countIncluded(q, { organizationId, at }, [use]),
      ],
      events: [usageOf(ctx, id, use, at)],
      result,
    });
  } catch (error) {
    await use.discard?.(result);
    throw error;
  }
}
