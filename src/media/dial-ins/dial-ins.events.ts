import { z } from '@hono/zod-openapi';
import { exampleId } from '../../kernel/core/index.ts';
import { defineEvent } from '../../kernel/events/index.ts';
import { roomIdSchema } from '../../rooms/rooms/index.ts';
import { DIAL_IN_REASONS, DIAL_IN_STATES } from './dial-ins.enums.ts';

const roomId = roomIdSchema.describe('Id of the room.');
const key = ({ roomId: id }: { roomId: string }) => id;

export const dialInChanged = defineEvent({
  type: 'dial_in.changed',
  description:
    'Telephones can now call into a room, or no longer can; or its dial-in was switched on or off, or got another PIN.',
  payload: z.object({
    roomId,
    state: z.enum(DIAL_IN_STATES).describe('Whether telephones can call in.'),
    reason: z.enum(DIAL_IN_REASONS).nullable().describe('Why they cannot; null while they can.'),
  }),
  example: { roomId: exampleId('room'), state: 'open', reason: null },
  key,
});

export const dialInFollowed = defineEvent({
  type: 'dial_in.followed',
  description: 'Something happened that may change whether telephones can call into a room.',
  payload: z.object({ roomId }),
  example: { roomId: exampleId('room') },
  key,
  internal: true,
});

export const dialInEvents = [dialInChanged, dialInFollowed];
