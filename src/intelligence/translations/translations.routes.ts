import { entitlementErrors } from '../../identity/entitlements/index.ts';
import { defineRoute, ok, type Route } from '../../platform/http/index.ts';
import { generationErrors } from '../generations/index.ts';
import { speechErrors } from '../speech-usage/index.ts';
import { listLanguages } from './list-languages.ts';
import { translateTexts } from './translate-texts.ts';
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
const { glossaryNotFound: _glossaryNotFound, ...ownErrors } = translationErrors;
const {
  generationNotFound: _generationNotFound,
  eventsGone: _eventsGone,
  notRunning: _notRunning,
  ...modelErrors
} = generationErrors;

export const translationRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: '/api/v1/ai/languages',
    operationId: 'listLanguages',
    tag,
    summary: 'List languages',
    description:
      'Lists the languages of the product, and for each what its engines can do now: transcribe ' +
      'speech, read texts aloud, translate.',
    access: { kind: 'permission', permission: 'ai:read' },
    limit: 'api',
    roundTrips: { max: 4, reason: 'keys, preferences and prices say whether a model may be asked' },
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
              modelTranslatesTo: ['es', 'de'],
              formality: false,
            },
          ],
          engines: { speech: true, model: true },
        },
      },
    },
    errors: [degraded, busy, requestRefused],
    handle: listLanguages,
    respond: (languages) => ok(languages),
  }),
  defineRoute({
    method: 'post',
    path: '/api/v1/ai/translations',
    operationId: 'createTranslations',
    tag,
    summary: 'Translate texts',
    description:
      "Translates texts of one language, with the terms of the organization's glossary: by rules, or " +
      'by a language model. For rules the plan must include the feature `speech`, and the characters ' +
      'are counted as `translated_characters`. A model is asked as by `POST /api/v1/ai/generations`, ' +
      'and its tokens are counted. Texts and translations are kept only for the reply to a repeated ' +
      'request.',
    access: { kind: 'permission', permission: 'ai:write' },
    limit: 'translation',
    timeLimitSeconds: 60,
    idempotent: true,
    roundTrips: {
      max: 8,
      reason: 'glossary, budget and price are read before rules are asked, and then for a model',
    },
    body: { schema: createTranslationsSchema, example: createTranslationsExample },
    success: {
      200: { description: 'The translations', schema: translationsSchema, example: translationsExample },
    },
    errors: [
      entitlementErrors.featureNotIncluded,
      entitlementErrors.limitReached,
      ...Object.values(ownErrors),
      ...Object.values(modelErrors),
      degraded,
      busy,
      requestRefused,
      priceUnknown,
      outOfBudget,
    ],
    handle: (ctx, { body }) => translateTexts(ctx, body),
    respond: (translated) => ok(translated),
  }),
];
