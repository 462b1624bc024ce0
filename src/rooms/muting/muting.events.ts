import { z } from '@hono/zod-openapi';
import { TRACK_SOURCES } from '../../calls/clusters/index.ts';
import { exampleId, idSchema } from '../../kernel/core/index.ts';
import { defineEvent } from '../../kernel/events/index.ts';
import { roomIdSchema } from '../rooms/index.ts';

/** A mute that the media cluster did not answer in time: the event keeps it until it is applied. */
export const muteRequested = defineEvent({
  type: 'participant.mute_requested',
  description:
    'Participants are to be muted: a moderator asked while the media cluster did not answer, or a rule did.',
  payload: z.object({
    roomId: roomIdSchema.describe('Id of the room.'),
    callId: idSchema('call').describe('Id of the call.'),
    participantIds: z.array(idSchema('participant')).describe('Ids of the participants to mute.'),
    trackSids: z.array(z.string()).nullable().describe('The tracks to mute; null for all of the sources.'),
    sources: z.array(z.enum(TRACK_SOURCES)).nullable().describe('The sources to mute; null for all.'),
    by: z.string().describe('Identity of the moderator; `moderation` where a rule decided.'),
  }),
  example: {
    roomId: exampleId('room'),
    callId: exampleId('call'),
    participantIds: [exampleId('participant')],
    trackSids: null,
    sources: ['microphone'],
    by: exampleId('user'),
  },
  key: ({ callId }) => callId,
  internal: true,
});

export const mutingEvents = [muteRequested];
