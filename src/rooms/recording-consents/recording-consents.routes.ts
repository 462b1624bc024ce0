import { requestErrors } from '../../kernel/core/index.ts';
import { defineRoute, ok, type Route } from '../../platform/http/index.ts';
import { accessErrors, moderatorErrors } from '../access/index.ts';
import { roomErrors, roomParamsSchema } from '../rooms/index.ts';
import { answerConsent } from './answer-consent.ts';
import { listConsents } from './list-consents.ts';
import { recordingConsentErrors } from './recording-consents.errors.ts';
import { presentConsent } from './recording-consents.present.ts';
import {
  answerConsentSchema,
  listConsentsSchema,
  recordingConsentExample,
  recordingConsentPageSchema,
  recordingConsentSchema,
} from './recording-consents.schemas.ts';

const tag = 'Recordings';
const path = '/api/v1/rooms/{roomId}/recording-consents';
/** Everybody in the call answers for themselves; who may see all answers is decided by the role in the room. */
const access = { kind: 'permission', permission: 'rooms:read', guests: true } as const;
const errorsOfRoom = [roomErrors.notFound, accessErrors.removed, accessErrors.denied] as const;

export const recordingConsentRoutes: readonly Route[] = [
  defineRoute({
    method: 'put',
    path,
    operationId: 'answerRecordingConsent',
    tag,
    summary: 'Agree to be recorded',
    description:
      'States whether the caller, who is in the open call of the room, agrees to be recorded in it. A recording ' +
      'that waits for consent begins once everybody has agreed, and fails when somebody refuses. Withdrawing ' +
      'consent stops the recordings that needed it. People who have left, agents and observers can withdraw, but ' +
      'not refuse. The same answer again changes nothing.',
    access,
    limit: 'api',
    params: roomParamsSchema,
    body: { schema: answerConsentSchema, example: { agreed: true } },
    success: {
      200: { description: 'The answer', schema: recordingConsentSchema, example: recordingConsentExample },
    },
    errors: [
      ...errorsOfRoom,
      recordingConsentErrors.notAsked,
      recordingConsentErrors.notInCall,
      requestErrors.stale,
    ],
    handle: (ctx, { params, body }) => answerConsent(ctx, params, body),
    respond: (row) => ok(presentConsent(row, null)),
  }),
  defineRoute({
    method: 'get',
    path,
    operationId: 'listRecordingConsents',
    tag,
    summary: 'List recording consents',
    description:
      'Lists the consents, refusals and withdrawals of people in calls of the room, newest first; also after the ' +
      'recordings are over. Hosts and moderators can do this; guests only for calls in which they have or had a ' +
      'seat.',
    access,
    limit: 'api',
    params: roomParamsSchema,
    query: listConsentsSchema,
    success: {
      200: {
        description: 'A page of consents',
        schema: recordingConsentPageSchema,
        example: { data: [recordingConsentExample], nextCursor: null },
      },
    },
    errors: [...errorsOfRoom, moderatorErrors.notModerator],
    handle: (ctx, { params, query }) => listConsents(ctx, params, query),
    respond: ({ data, nextCursor }) =>
      ok({ data: data.map(({ consent, name }) => presentConsent(consent, name)), nextCursor }),
  }),
];
