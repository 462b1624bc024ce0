import { z } from '@hono/zod-openapi';
import { exampleId, idSchema } from '../../kernel/core/index.ts';
import { defineEvent } from '../../kernel/events/index.ts';
import { SPEECH_METERS } from './speech-usage.enums.ts';

/** Internal: it is for the meters alone. */
export const speechUsed = defineEvent({
  type: 'speech.used',
  description: 'An engine of the speech service has done a request.',
  payload: z.object({
    requestId: idSchema('request').describe('Identifies the request to the engine.'),
    meter: z.enum(SPEECH_METERS).describe('The meter that counts it.'),
    provider: z.string().describe('The provider of the engine.'),
    model: z.string().describe('The model.'),
    quantity: z.int().describe('The quantity, in the unit of the meter.'),
    causedBy: z.string().nullable().describe('The user who asked; null for an API key.'),
    at: z.iso.datetime().describe('When it was done.'),
    roomId: idSchema('room')
      .nullable()
      .default(null)
      .describe('The room in whose call it was; null outside calls.'),
    callId: idSchema('call').nullable().default(null).describe('The call; null outside calls.'),
    agentId: idSchema('agent').nullable().default(null).describe('The agent in the call; null without one.'),
  }),
  example: {
    requestId: exampleId('request'),
    meter: 'spoken_characters',
    provider: 'speech',
    model: 'en_US-joe-medium',
    quantity: 120,
    causedBy: exampleId('user'),
    at: '2026-01-05T09:30:00.000Z',
    roomId: null,
    callId: null,
    agentId: null,
  },
  key: ({ requestId }) => requestId,
  internal: true,
});
