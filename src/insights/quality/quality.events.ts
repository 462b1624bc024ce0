import { z } from '@hono/zod-openapi';
import { exampleId, idSchema } from '../../kernel/core/index.ts';
import { defineEvent } from '../../kernel/events/index.ts';

export const qualityReported = defineEvent({
  type: 'quality.network_reported',
  description:
    'A participant reported the bandwidth of their network: for the first time, within two minutes after it ' +
    'changed, or 40 seconds after the last such event.',
  payload: z.object({
    roomId: idSchema('room').describe('Id of the room.'),
    callId: idSchema('call').describe('Id of the call.'),
    participantId: idSchema('participant').describe('Id of the participant.'),
    identity: z.string().describe('Identity in the call.'),
    userId: idSchema('user').nullable().describe('Id of the user; null for others.'),
  }),
  example: {
    roomId: exampleId('room'),
    callId: exampleId('call'),
    participantId: exampleId('participant'),
    identity: exampleId('user'),
    userId: exampleId('user'),
  },
  key: ({ participantId }) => participantId,
  internal: true,
});

export const qualityEvents = [qualityReported];
