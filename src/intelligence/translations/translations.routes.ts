import { entitlementErrors } from '../../identity/entitlements/index.ts';
import { defineRoute, ok, type Route } from '../../platform/http/index.ts';
import { SPEECH_MODELS, SPEECH_PROVIDER, speechErrors } from '../speech-usage/index.ts';
import { listLanguages, translateTexts } from './translate-texts.ts';
import { translationErrors } from './translations.errors.ts';
import {
  createTranslationsExample,
  createTranslationsSchema,
  languagesSchema,
  translationsExample,
  translationsSchema,
} from './translations.schemas.ts';

const tag = 'Translation';
const { degraded, busy, requestRefused, priceUnknown, outOfBudget } = speechErrors;
const { pairNotSupported, languageUnclear, formalityNotSupported } = translationErrors;

export const translationRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: '/api/v1/ai/languages',
    operationId: 'listLanguages',
    tag,
    summary: 'List languages',
    description:
      'Lists the languages of the product with what its engines can do with each: write speech down, read texts aloud, translate.',
    access: { kind: 'permission', permission: 'ai:read' },
    limit: 'api',
    success: {
      200: {
        description: 'The languages',
        schema: languagesSchema,
        example: {
          data: [
            {
              code: 'en',
              name: 'English',
              nativeName: 'English',
              speechToText: true,
              voices: ['joe'],
              translatesTo: ['es'],
              formality: false,
            },
          ],
        },
      },
    },
    errors: [degraded, busy, requestRefused],
    handle: listLanguages,
    respond: (languages) => ok({ data: languages.map((each) => ({ ...each, formality: false })) }),
  }),
  defineRoute({
    method: 'post',
    path: '/api/v1/ai/translations',
    operationId: 'createTranslations',
    tag,
    summary: 'Translate texts',
    description:
      'Translates texts of one language, with the terms of the glossary of the organization. The plan must include the feature `speech`; the ' +
      'characters are counted as `translated_characters`. Neither texts nor translations are kept but for the reply to a repeated request.',
    access: { kind: 'permission', permission: 'ai:write' },
    limit: 'translation',
    timeLimitSeconds: 60,
    idempotent: true,
    roundTrips: { max: 4, reason: 'glossary, budget and price are read before the engine is asked' },
    body: { schema: createTranslationsSchema, example: createTranslationsExample },
    success: {
      200: { description: 'The translations', schema: translationsSchema, example: translationsExample },
    },
    errors: [
      entitlementErrors.featureNotIncluded,
      pairNotSupported,
      languageUnclear,
      formalityNotSupported,
      degraded,
      busy,
      requestRefused,
      priceUnknown,
      outOfBudget,
    ],
    handle: (ctx, { body }) => translateTexts(ctx, body),
    respond: (translated) =>
      ok({ ...translated, provider: SPEECH_PROVIDER, model: SPEECH_MODELS.translated_characters }),
  }),
];
