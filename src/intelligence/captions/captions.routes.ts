import { z } from '@hono/zod-openapi';
import { authErrors } from '../../kernel/core/index.ts';
import { entitlementErrors } from '../../identity/entitlements/index.ts';
import { defineRoute, noContent, ok, type Route } from '../../platform/http/index.ts';
import { accessErrors, moderatorErrors } from '../../rooms/access/index.ts';
import { roomErrors, roomParamsSchema } from '../../rooms/rooms/index.ts';
import { voiceErrors } from '../speech/index.ts';
import { speechErrors } from '../speech-usage/index.ts';
import { captionErrors } from './captions.errors.ts';
import {
  captionsExample,
  captionsSchema,
  reportExample,
  reportSchema,
  setCaptionsSchema,
} from './captions.schemas.ts';
import type { CallCaptions } from './captions.tables.ts';
import { receiveReport } from './receive-report.ts';
import { getCaptions, setCaptions, stopCaptions } from './set-captions.ts';

const tag = 'Captions';
const path = '/api/v1/rooms/{roomId}/captions';
/** The caller's role in the room decides, and guests can have any role. */
const access = { kind: 'permission', permission: 'rooms:read', guests: true } as const;
const errors = [roomErrors.notFound, accessErrors.removed, accessErrors.denied] as const;
const success = {
  200: { description: 'The captions', schema: captionsSchema, example: captionsExample },
};

const presentCaptions = (row: CallCaptions): z.output<typeof captionsSchema> => ({
  id: row.id,
  roomId: row.roomId,
  callId: row.callId,
  language: row.language,
  translateTo: [...row.translateTo],
  translateBy: row.translateBy,
  translationModel: row.translationModel,
  speakIn: [...row.speakIn],
  transcriptionId: row.transcriptionId,
  requestedBy: row.requestedBy,
  startedAt: row.createdAt.toISOString(),
  reportedAt: row.reportedAt?.toISOString() ?? null,
});

export const captionRoutes: readonly Route[] = [
  defineRoute({
    method: 'put',
    path,
    operationId: 'setCaptions',
    tag,
    summary: 'Switch captions on',
    description:
      'Switches live captions of the open call on, or changes their languages. A program joins the ' +
      'call as the visible participant `Live captions`, and everybody gets a notice. Captions come by ' +
      'the socket of the room: `caption.partial` during a sentence, `caption.final` after it. Each ' +
      'translation is a caption of its own language, and says whether rules or a model made it. Hosts ' +
      'and moderators can do this. The plan must ' +
      'include the feature `captions`, and captions must be switched on in the room.',
    access,
    limit: 'api',
    params: roomParamsSchema,
    body: { schema: setCaptionsSchema, example: { language: 'en', translateTo: ['es'] } },
    roundTrips: { max: 6, reason: 'with a budget for AI the price is read, and keys for voices' },
    success,
    errors: [
      ...errors,
      moderatorErrors.notModerator,
      captionErrors.alreadyRunning,
      captionErrors.noCall,
      captionErrors.switchedOff,
      captionErrors.noTranscript,
      captionErrors.noModel,
      captionErrors.memberNeeded,
      captionErrors.notConfigured,
      speechErrors.priceUnknown,
      speechErrors.degraded,
      speechErrors.busy,
      speechErrors.requestRefused,
      voiceErrors.notFound,
      voiceErrors.noneForLanguage,
      entitlementErrors.featureNotIncluded,
    ],
    handle: (ctx, { params, body }) => setCaptions(ctx, params, body),
    respond: (row) => ok(presentCaptions(row)),
  }),
  defineRoute({
    method: 'get',
    path,
    operationId: 'getCaptions',
    tag,
    summary: 'Get captions',
    description:
      'Returns whether the open call has live captions, and in which languages. Everybody in the room ' +
      'can do this.',
    access,
    limit: 'api',
    params: roomParamsSchema,
    success,
    errors: [...errors, captionErrors.notRunning],
    handle: (ctx, { params }) => getCaptions(ctx, params),
    respond: (row) => ok(presentCaptions(row)),
  }),
  defineRoute({
    method: 'delete',
    path,
    operationId: 'stopCaptions',
    tag,
    summary: 'Switch captions off',
    description:
      'Switches live captions of the open call off. Captions that were kept remain as a transcript. ' +
      'Hosts and moderators can do this.',
    access,
    limit: 'api',
    params: roomParamsSchema,
    success: { 204: { description: 'They are off' } },
    errors: [...errors, moderatorErrors.notModerator, captionErrors.notRunning],
    handle: (ctx, { params }) => stopCaptions(ctx, params),
    respond: noContent,
  }),
  defineRoute({
    method: 'post',
    path: '/api/v1/captions/reports',
    operationId: 'reportCaptions',
    tag,
    summary: 'Report captions',
    description:
      'For the program that writes captions, with the token that it got for them: reports what was ' +
      'said and what was used since its last report. The same report again changes nothing.',
    access: { kind: 'public', reason: 'the token of the captions is the credential' },
    limit: 'webhook',
    headers: z.object({
      authorization: z
        .string()
        .max(4_096)
        .default('')
        .openapi({ description: '`Bearer` and the token', example: 'Bearer eyJhbGciOiJFZERTQSJ9.e30.c2ln' }),
    }),
    body: { schema: reportSchema, example: reportExample },
    bodyLimitBytes: 1024 * 1024,
    roundTrips: { max: 5, reason: 'captions, budget, price and transcript are read before they are changed' },
    success: { 204: { description: 'It is stored' } },
    errors: [authErrors.invalidToken, authErrors.expiredToken, captionErrors.notRunning, captionErrors.over],
    handle: (ctx, { headers, body }) => receiveReport(ctx, headers.authorization, body),
    respond: noContent,
  }),
];
