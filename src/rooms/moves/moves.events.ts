import { z } from '@hono/zod-openapi';
import { exampleId } from '../../kernel/core/index.ts';
import { defineEvent } from '../../kernel/events/index.ts';
import { identitySchema } from '../../realtime/protocol/index.ts';
import { roomIdSchema } from '../rooms/index.ts';

export interface MovedPeople {
  roomId: string;
  toRoomId: string;
  identities: string[];
}

export const participantMoved = defineEvent({
  type: 'participant.moved',
  description: 'Participants were moved to another room.',
  payload: z.object({
    roomId: roomIdSchema.describe('Id of the room.'),
    toRoomId: roomIdSchema.describe('Id of the room that they were moved to.'),
    identities: z.array(identitySchema).describe('Identities of the participants.'),
  }),
  example: { roomId: exampleId('room'), toRoomId: exampleId('room'), identities: [exampleId('user')] },
  key: ({ roomId }) => roomId,
});

/** Time for moved people to follow before their media in the old room ends. */
export const mediaGraceEnded = defineEvent({
  type: 'participant.media_grace_ended',
  description: 'The half minute in which moved participants could follow is over.',
  payload: z.object({
    roomId: roomIdSchema.describe('Id of the room that they were moved from.'),
    toRoomId: roomIdSchema.describe('Id of the room that they were moved to.'),
    identities: z.array(identitySchema).describe('Identities of the participants.'),
  }),
  example: { roomId: exampleId('room'), toRoomId: exampleId('room'), identities: [exampleId('user')] },
  key: ({ roomId, toRoomId }) => `${roomId}:${toRoomId}:media`,
  internal: true,
});

export const moveEvents = [participantMoved, mediaGraceEnded];
