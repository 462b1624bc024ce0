import type { Ctx } from '../../kernel/context/index.ts';
import { ProviderFailure, type SpeechService, type TranslationRequest } from '../providers/index.ts';
import { SPEECH_MODELS, SPEECH_PROVIDER, useSpeech } from '../speech-usage/index.ts';
import { type GlossaryTerm, markTerms, replaceMarks } from './glossary.rules.ts';
import { translationErrors } from './translations.errors.ts';
import type { CreateTranslations, TranslatedTexts } from './translations.schemas.ts';
import { charactersOf, type Glossaries } from './glossaries.rules.ts';

const TRANSLATE_MS = 40_000;
/** Time limit when a model is asked afterwards, which may take the rest of a minute. */
const FIRST_MS = 8_000;

/** Asks the engine, and turns its refusals into errors of this module. */
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

/**
 * Translates with marks in place of terms; texts that came back without all of their marks are translated again
 * without marks.
 */
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
 * Translates with the engine of rules. For a detected language, the terms are used in a second pass, once it is known.
 * @throws AppError `translations.pair_not_supported`, `translations.language_unclear`, `speech.*`, `billing.*`
 */
export async function translateByRules(
  ctx: Ctx,
  { texts, from: named, to, context, engine }: CreateTranslations,
  termsFrom: Glossaries,
): Promise<TranslatedTexts> {
  const characters = charactersOf(texts);
  return useSpeech(ctx, {
    meter: 'translated_characters',
    quantity: characters,
    timeLimitMs: engine === 'auto' ? FIRST_MS : TRANSLATE_MS,
    async ask(service, signal) {
      const isDetected = named === undefined;
      const first = isDetected ? await ask(service, { texts, from: null, to, context }, signal) : null;
      const from = named ?? first!.from!;
      const terms = termsFrom(from);
      const data =
        first && terms.length === 0
          ? first.texts.map((text) => ({ text, glossaryTerms: 0 }))
          : await askWithTerms(service, { texts, from, to }, terms, signal);
      return {
        data,
        from,
        isDetected,
        to,
        engine: 'rules' as const,
        provider: SPEECH_PROVIDER,
        model: SPEECH_MODELS.translated_characters,
        generationId: null,
        characters,
      };
    },
  });
}
