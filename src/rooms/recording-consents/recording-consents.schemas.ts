import { z } from '@hono/zod-openapi';
import { exampleId, idSchema, pageQuerySchema, pageSchema } from '../../kernel/core/index.ts';
import { identitySchema } from '../../realtime/protocol/index.ts';
import { roomIdSchema } from '../rooms/index.ts';
import { CONSENT_STATES } from './recording-consents.rules.ts';

export const answerConsentSchema = z.strictObject({
  agreed: z
    .boolean()
    .describe(
      'True to agree to be recorded in this call; false to refuse, or to withdraw an earlier consent.',
    ),
});
export type AnswerConsent = z.output<typeof answerConsentSchema>;

const callId = idSchema('call');
export const listConsentsSchema = pageQuerySchema.extend({
  callId: callId
    .optional()
    .openapi({ example: exampleId('call'), description: 'Only consents to recordings of this call' }),
});
export type ListConsents = z.output<typeof listConsentsSchema>;

export const recordingConsentSchema = z
  .object({
    id: idSchema('recordingConsent').describe('Id of the consent.'),
    roomId: roomIdSchema.describe('Room of the call.'),
    callId: callId.describe('Call in which the person may be recorded.'),
    identity: identitySchema.describe('Identity of the person.'),
    name: z.string().nullable().describe('Name of the person in the call; null when it is not known.'),
    consent: z
      .enum(CONSENT_STATES)
      .describe(
        '`given`: it holds. `refused`: they did not agree. `withdrawn`: they agreed, and no longer do.',
      ),
    givenAt: z.iso.datetime().nullable().describe('When they agreed; null for a refusal.'),
    withdrawnAt: z.iso
      .datetime()
      .nullable()
      .describe('When they refused, or withdrew their consent; null while it holds.'),
  })
  .openapi('RecordingConsent');
export type RecordingConsentView = z.output<typeof recordingConsentSchema>;
export const recordingConsentPageSchema = pageSchema(recordingConsentSchema).openapi('RecordingConsentPage');

export const recordingConsentExample: RecordingConsentView = {
  id: exampleId('recordingConsent'),
  roomId: exampleId('room'),
  callId: exampleId('call'),
  identity: exampleId('user'),
  name: 'Ada',
  consent: 'given',
  givenAt: '2026-01-05T09:30:00.000Z',
  withdrawnAt: null,
};
