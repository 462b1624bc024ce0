import { z } from '@hono/zod-openapi';
import { exampleId } from '../../kernel/core/index.ts';
import { defineEvent } from '../../kernel/events/index.ts';
import { identitySchema } from '../../realtime/protocol/index.ts';
import { roomIdSchema } from '../rooms/index.ts';

export const participantRoleChanged = defineEvent({
  type: 'participant.role_changed',
  description: 'Participants have another role in the room.',
  payload: z.object({
    roomId: roomIdSchema.describe('Id of the room.'),
    identities: z.array(identitySchema).describe('Identities of the participants.'),
  }),
  example: { roomId: exampleId('room'), identities: [exampleId('user')] },
  key: ({ roomId }) => roomId,
});

export const participantRemoved = defineEvent({
  type: 'participant.removed',
  description: 'A participant was removed from a room, or readmitted after a removal.',
  // Any identity that the media cluster knows, also a recorder's or a telephone's.
  payload: z.object({
    roomId: roomIdSchema.describe('Id of the room.'),
    identity: z.string().describe('Identity of the participant.'),
  }),
  example: { roomId: exampleId('room'), identity: exampleId('user') },
  key: ({ roomId }) => roomId,
});

export const moderationEvents = [participantRoleChanged, participantRemoved];
