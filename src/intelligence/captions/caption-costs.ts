import { holdIncluded } from '../../calls/included-use/index.ts';
import { entitlementErrors } from '../../identity/entitlements/index.ts';
import type { Ctx } from '../../kernel/context/index.ts';
import { isError } from '../../kernel/core/index.ts';
import { liveBudgetOf, selectBudget } from '../ai-budgets/index.ts';
import { asMember } from '../ask-authority/index.ts';
import { ceilMicros } from '../models/index.ts';
import { SPEECH_MODELS, SPEECH_PROVIDER, speechErrors } from '../speech-usage/index.ts';
import { MODEL } from '../transcripts/index.ts';
import { canAskModel } from '../translations/index.ts';
import type { CaptionReport } from './captions.schemas.ts';
import type { CallCaptions } from './captions.tables.ts';

const MODELS = {
  caption_minutes: MODEL,
  translated_characters: SPEECH_MODELS.translated_characters,
} as const;

const findPrice = (ctx: Ctx, meter: keyof typeof MODELS) =>
  ctx.ports.modelPrices.findOfMeter(ctx, meter, { provider: SPEECH_PROVIDER, model: MODELS[meter] });

/** With a budget for AI, captions need a known price. @throws AppError `speech.price_unknown` */
export async function requireCaptionPrice(ctx: Ctx): Promise<void> {
  if (!(await findPrice(ctx, 'caption_minutes')))
    throw speechErrors.priceUnknown({ detail: 'the price of caption_minutes is unknown' });
}

/** Whether the plan, or the spending limit if use beyond it is charged, leaves anything for translations. */
async function isTranslationLeft(ctx: Ctx): Promise<boolean> {
  const { organizationId } = ctx;
  const now = new Date(ctx.clock.now());
  try {
    await ctx.read((q) => [
      holdIncluded(q, { organizationId, now }, [{ meter: 'translated_characters', quantity: 1 }]),
    ]);
    return true;
  } catch (error) {
    if (isError(error, entitlementErrors.limitReached)) return false;
    throw error;
  }
}

/** Whether captions may be translated: within the plan, and with a budget for AI only when the price is known. */
export async function mayTranslate(ctx: Ctx): Promise<boolean> {
  if (!(await isTranslationLeft(ctx))) return false;
  const [[budget]] = await ctx.read((q) => [selectBudget(q, ctx.organizationId)]);
  return !budget || Boolean(await findPrice(ctx, 'translated_characters'));
}

/**
 * The request in the name of the member whose authority models are asked with; null where none may be: no member
 * chose it, or recordings of the room need consent, because words would leave the product.
 */
export async function findAsker(
  ctx: Ctx,
  { captions: { askerId }, isConsentNeeded }: { captions: CallCaptions; isConsentNeeded: boolean },
): Promise<Ctx | null> {
  return isConsentNeeded ? null : asMember(ctx, askerId);
}

/** Whether a model can be asked for translations now. */
export async function mayAskModel(
  ctx: Ctx,
  found: { captions: CallCaptions; isConsentNeeded: boolean },
): Promise<boolean> {
  const { translateBy, translationModel } = found.captions;
  const asker = translateBy === 'rules' ? null : await findAsker(ctx, found);
  return asker !== null && canAskModel(asker, translationModel ?? undefined);
}

/** The cost of a report, in micro-units; null when a price is unknown. */
async function costOf(ctx: Ctx, used: Readonly<Record<keyof typeof MODELS, number>>): Promise<number | null> {
  let amount = 0;
  for (const meter of Object.keys(MODELS) as (keyof typeof MODELS)[]) {
    if (used[meter] === 0) continue;
    const price = await findPrice(ctx, meter);
    if (!price) return null;
    amount += Number(ceilMicros(used[meter], price));
  }
  return amount;
}

/** Takes the cost of a report from the budget, once. @returns whether the budget covers it */
export async function settleBudget(
  ctx: Ctx,
  captionId: string,
  { report, sentSeconds, translatedCharacters }: CaptionReport,
): Promise<boolean> {
  const [[budget]] = await ctx.read((q) => [selectBudget(q, ctx.organizationId)]);
  if (!budget) return true;
  const used = {
    caption_minutes: Math.round(sentSeconds * 1000),
    translated_characters: translatedCharacters,
  };
  const amount = await costOf(ctx, used);
  if (amount === null) return false;
  if (amount === 0) return true;
  const reservation = { id: `${captionId}.${report}`, amount, ttlMs: 60_000 };
  const live = liveBudgetOf(budget, ctx.clock.now());
  const { outcome } = await ctx.ports.budgets.reserve(ctx.organizationId, live, reservation);
  if (outcome === 'refused') return false;
  await ctx.ports.budgets.settle(ctx.organizationId, reservation.id, amount);
  return true;
}
