import { entitlementErrors } from '../../identity/entitlements/index.ts';
import type { Ctx } from '../../kernel/context/index.ts';
import { isError, requirePermission } from '../../kernel/core/index.ts';
import { generationErrors } from '../generations/index.ts';
import { speechErrors } from '../speech-usage/index.ts';
import { type Glossaries, glossariesTo } from './glossaries.rules.ts';
import { knowsFormality } from './languages.rules.ts';
import { translateByModel } from './model-engine.ts';
import { translateByRules } from './rule-engine.ts';
import { translationErrors } from './translations.errors.ts';
import { selectGlossaries } from './translations.queries.ts';
import type { CreateTranslations, TranslatedTexts } from './translations.schemas.ts';

/** Refusals of the engine of rules after which a model may do better. */
const { pairNotSupported, languageUnclear, formalityNotSupported } = translationErrors;
const { degraded, priceUnknown } = speechErrors;
const FOR_MODELS = [
  pairNotSupported,
  languageUnclear,
  formalityNotSupported,
  degraded,
  priceUnknown,
  entitlementErrors.featureNotIncluded,
];
/** Errors that mean that there is no model to ask. */
const { noRoute, notConfigured, noPreference } = generationErrors;

async function readGlossaries(ctx: Ctx, { glossary, to }: CreateTranslations): Promise<Glossaries> {
  if (!glossary) return () => [];
  const [rows] = await ctx.read((q) => [selectGlossaries(q, ctx.organizationId)]);
  return glossariesTo(rows, to);
}

const byRules = async (ctx: Ctx, input: CreateTranslations, termsFrom: Glossaries) => {
  if (input.formality !== 'default') throw formalityNotSupported();
  return translateByRules(ctx, input, termsFrom);
};

/** By rules; if they cannot, by a model. Without a model, the refusal is that of the rules. */
async function byEither(ctx: Ctx, input: CreateTranslations, termsFrom: Glossaries) {
  try {
    return await byRules(ctx, input, termsFrom);
  } catch (refusal) {
    if (!isError(refusal, ...FOR_MODELS)) throw refusal;
    return translateByModel(ctx, input, termsFrom).catch((error: unknown) => {
      throw isError(error, noRoute, notConfigured, noPreference) ? refusal : error;
    });
  }
}

const ENGINES = { auto: byEither, rules: byRules, model: translateByModel } as const;

/**
 * Translates texts of one language.
 * @throws AppError `translations.*`, `speech.*`, `ai.*`, `billing.*`, `auth.forbidden` without `ai:write`
 */
export async function translateTexts(ctx: Ctx, input: CreateTranslations): Promise<TranslatedTexts> {
  requirePermission(ctx.actor, 'ai:write');
  if (input.formality !== 'default' && !knowsFormality(input.to)) throw formalityNotSupported();
  return ENGINES[input.engine](ctx, input, await readGlossaries(ctx, input));
}
