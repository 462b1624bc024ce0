import { z } from '@hono/zod-openapi';
import { authErrors } from '../../kernel/core/index.ts';
import { entitlementErrors } from '../../identity/entitlements/index.ts';
import { defineRoute, ok, type Route } from '../../platform/http/index.ts';
import { captionErrors } from '../captions/index.ts';
import { generationErrors } from '../generations/index.ts';
import { translationErrors } from '../translations/index.ts';
import { liveTranslationErrors } from './live-translations.errors.ts';
import {
  translateCaptionExample,
  translateCaptionSchema,
  translatedCaptionExample,
  translatedCaptionSchema,
} from './live-translations.schemas.ts';
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
const headers = z.object({
  authorization: z
    .string()
    .max(4_096)
    .default('')
    .openapi({ description: '`Bearer` and the token', example: 'Bearer eyJhbGciOiJFZERTQSJ9.e30.c2ln' }),
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
      authErrors.invalidToken,
      authErrors.expiredToken,
      authErrors.forbidden,
      captionErrors.notRunning,
      captionErrors.over,
      ...Object.values(liveTranslationErrors),
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
];
