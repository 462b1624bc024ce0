import { z } from '@hono/zod-openapi';
import { authErrors } from '../../kernel/core/index.ts';
import { entitlementErrors } from '../../identity/entitlements/index.ts';
import { defineRoute, ok, type Reply, type Route } from '../../platform/http/index.ts';
import { captionErrors } from '../captions/index.ts';
import { type Sound, voiceErrors } from '../speech/index.ts';
import { speechErrors } from '../speech-usage/index.ts';
import { generationErrors } from '../generations/index.ts';
import { translationErrors } from '../translations/index.ts';
import { liveTranslationErrors } from './live-translations.errors.ts';
import {
  speakTranslationExample,
  speakTranslationSchema,
  translateCaptionExample,
  translateCaptionSchema,
  translatedCaptionExample,
  translatedCaptionSchema,
} from './live-translations.schemas.ts';
import { speakTranslation } from './speak-translation.ts';
import { translateCaption } from './translate-caption.ts';

const tag = 'Captions';
const access = { kind: 'public', reason: 'the token of the captions is the credential' } as const;
const {
  generationNotFound: _generationNotFound,
  eventsGone: _eventsGone,
  notRunning: _notRunning,
  ...modelErrors
} = generationErrors;
const { languageUnclear, modelRefused, answerNotWhole, pairNotSupported } = translationErrors;
const { noneForLanguage: _noneForLanguage, ...voiceRefusals } = voiceErrors;
const { noModel, noChannel, askerGone, tooMany } = liveTranslationErrors;
const ofToken = [
  authErrors.invalidToken,
  authErrors.expiredToken,
  authErrors.forbidden,
  captionErrors.notRunning,
  captionErrors.over,
];
const headers = z.object({
  authorization: z
    .string()
    .max(4_096)
    .default('')
    .openapi({ description: '`Bearer` and the token', example: 'Bearer eyJhbGciOiJFZERTQSJ9.e30.c2ln' }),
});

const soundOf = ({ type, content }: Sound): Reply => ({
  status: 200,
  raw: { content, type },
  headers: { 'Cache-Control': 'no-store' },
});

export const liveTranslationRoutes: readonly Route[] = [
  defineRoute({
    method: 'post',
    path: '/api/v1/captions/translations',
    operationId: 'translateCaption',
    tag,
    summary: 'Translate a caption',
    description:
      'For the program that writes captions, with the token that it got for them: translates a finished ' +
      'caption by a language model. The model is asked in the name of the member who chose models for ' +
      'these captions, with the glossary of the organization. An answer that takes longer than five ' +
      'seconds is cancelled.',
    access,
    limit: 'webhook',
    headers,
    body: { schema: translateCaptionSchema, example: translateCaptionExample },
    roundTrips: { max: 8, reason: 'captions, member, glossaries and the ground of the generation are read' },
    success: {
      200: {
        description: 'The translation',
        schema: translatedCaptionSchema,
        example: translatedCaptionExample,
      },
    },
    errors: [
      ...ofToken,
      noModel,
      tooMany,
      languageUnclear,
      modelRefused,
      answerNotWhole,
      pairNotSupported,
      ...Object.values(modelErrors),
      entitlementErrors.featureNotIncluded,
      entitlementErrors.limitReached,
    ],
    handle: (ctx, { headers: { authorization }, body }) => translateCaption(ctx, authorization, body),
    respond: (translated) => ok(translated),
  }),
  defineRoute({
    method: 'post',
    path: '/api/v1/captions/speech',
    operationId: 'speakTranslation',
    tag,
    summary: 'Speak a translated caption',
    description:
      'For the program that writes captions, with the token that it got for them: reads a translation ' +
      'aloud, by the voice of the language. The sound is sent while it is spoken. Its characters are ' +
      'counted to the call as `spoken_characters`. When the budget for AI or the plan do not cover them, ' +
      'translations are no longer spoken, and a notice says so.',
    access,
    limit: 'webhook',
    timeLimitSeconds: 30,
    headers,
    body: { schema: speakTranslationSchema, example: speakTranslationExample },
    roundTrips: { max: 8, reason: 'captions, member, budget and price are read, and the use is counted' },
    success: { 200: { description: 'The sound', mediaTypes: ['audio/wav'] } },
    errors: [
      ...ofToken,
      noChannel,
      askerGone,
      tooMany,
      ...Object.values(voiceRefusals),
      ...Object.values(speechErrors),
      entitlementErrors.featureNotIncluded,
      entitlementErrors.limitReached,
    ],
    handle: (ctx, { headers: { authorization }, body }) => speakTranslation(ctx, authorization, body),
    respond: soundOf,
  }),
];
