import type { Ctx } from '../../kernel/context/index.ts';
import { requirePermission } from '../../kernel/core/index.ts';
import { ProviderFailure, type SpeechService, type TranslationRequest } from '../providers/index.ts';
import { readSpeech, useSpeech } from '../speech-usage/index.ts';
import { type GlossaryTerm, markTerms, replaceMarks } from './glossary.rules.ts';
import { describeLanguages, type LanguageCode, type LanguageSupport } from './languages.rules.ts';
import { translationErrors } from './translations.errors.ts';
import { selectGlossaries } from './translations.queries.ts';
import type { CreateTranslations } from './translations.schemas.ts';
import type { GlossaryRow } from './translations.tables.ts';

const TRANSLATE_MS = 40_000;

export interface TranslatedTexts {
  data: { text: string; glossaryTerms: number }[];
  from: string;
  isDetected: boolean;
  to: LanguageCode;
  characters: number;
}

/** What each language can be used for, as the engines say now. @throws AppError `speech.*`, `auth.forbidden` without `ai:read` */
export async function listLanguages(ctx: Ctx): Promise<LanguageSupport[]> {
  return readSpeech(ctx, async ({ textToSpeech, translation }, signal) => {
    const [voices, pairs] = await Promise.all([
      textToSpeech.listVoices?.(signal) ?? [],
      translation.listLanguages(signal),
    ]);
    return describeLanguages(voices, pairs);
  });
}

/** Asks the engine, and says what it refuses in the words of this module. */
async function ask({ translation }: SpeechService, request: TranslationRequest, signal: AbortSignal) {
  try {
    return await translation.translate(request, signal);
  } catch (error) {
    if (error instanceof ProviderFailure && error.code === 'languages_not_supported')
      throw translationErrors.pairNotSupported();
    if (error instanceof ProviderFailure && error.code === 'language_unclear')
      throw translationErrors.languageUnclear();
    throw error;
  }
}

/** Translates with marks in place of terms, and what came back without all of its marks once more as it is. */
async function askWithTerms(
  service: SpeechService,
  request: TranslationRequest,
  terms: readonly GlossaryTerm[],
  signal: AbortSignal,
): Promise<TranslatedTexts['data']> {
  const marked = request.texts.map((text) => markTerms(text, terms));
  const { texts } = await ask(service, { ...request, texts: marked.map(({ text }) => text) }, signal);
  const replaced = texts.map((text, at) => replaceMarks(text, marked[at]!));
  const lost = request.texts.filter((_text, at) => replaced[at] === null);
  const again = lost.length === 0 ? [] : [...(await ask(service, { ...request, texts: lost }, signal)).texts];
  return replaced.map((text, at) =>
    text === null
      ? { text: again.shift()!, glossaryTerms: 0 }
      : { text, glossaryTerms: marked[at]!.translations.length },
  );
}

/**
 * Translates texts of one language. The terms of a language that is found out are used in a second pass, when it is known.
 * @throws AppError `translations.*`, `speech.*`, `billing.feature_not_included`, `auth.forbidden` without `ai:write`
 */
export async function translateTexts(ctx: Ctx, input: CreateTranslations): Promise<TranslatedTexts> {
  requirePermission(ctx.actor, 'ai:write');
  const { texts, to, formality, context } = input;
  if (formality !== 'default') throw translationErrors.formalityNotSupported();
  const [glossaries] = input.glossary
    ? await ctx.read((q) => [selectGlossaries(q, ctx.organizationId)])
    : [[] as GlossaryRow[]];
  const termsFrom = (from: string | null) =>
    glossaries.find(({ fromLanguage, toLanguage }) => fromLanguage === from && toLanguage === to)?.terms ??
    [];
  const characters = texts.reduce((sum, { length }) => sum + length, 0);
  return useSpeech(ctx, {
    meter: 'translated_characters',
    quantity: characters,
    timeLimitMs: TRANSLATE_MS,
    async ask(service, signal) {
      const isDetected = input.from === undefined;
      const first = isDetected ? await ask(service, { texts, from: null, to, context }, signal) : null;
      const from = input.from ?? first!.from!;
      const terms = termsFrom(from);
      const data =
        first && terms.length === 0
          ? first.texts.map((text) => ({ text, glossaryTerms: 0 }))
          : await askWithTerms(service, { texts, from, to }, terms, signal);
      return { data, from, isDetected, to, characters };
    },
  });
}
