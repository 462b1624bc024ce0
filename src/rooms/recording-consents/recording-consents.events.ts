import { z } from '@hono/zod-openapi';
import { exampleId, idSchema } from '../../kernel/core/index.ts';
import { defineEvent } from '../../kernel/events/index.ts';
import { CONSENT_STATES } from './recording-consents.rules.ts';

export const recordingConsentChanged = defineEvent({
  type: 'recording_consent.changed',
  description: 'A person in a call agreed to be recorded, refused, or withdrew their consent.',
  payload: z.object({
    consentId: idSchema('recordingConsent').describe('Id of the consent.'),
    roomId: idSchema('room').describe('Id of the room.'),
    callId: idSchema('call').describe('Id of the call.'),
    identity: z.string().describe('Identity of the person.'),
    consent: z.enum(CONSENT_STATES).describe('What they answered.'),
  }),
  example: {
    consentId: exampleId('recordingConsent'),
    roomId: exampleId('room'),
    callId: exampleId('call'),
    identity: exampleId('user'),
    consent: 'given',
  },
  key: ({ callId, identity }) => `${callId}/${identity}`,
});

export const recordingConsentEvents = [recordingConsentChanged];
