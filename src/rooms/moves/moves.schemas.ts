import { z } from '@hono/zod-openapi';
import { idSchema } from '../../kernel/core/index.ts';
import { admissionExample, admissionSchema } from '../admission/index.ts';
import { roomIdSchema } from '../rooms/index.ts';

export const moveParticipantSchema = z.strictObject({ toRoomId: roomIdSchema });
export type MoveParticipant = z.output<typeof moveParticipantSchema>;

export const movedParticipantSchema = z
  .object({
    participantId: idSchema('participant'),
    identity: z.string(),
    toRoomId: roomIdSchema,
    /** Until when they may come in there. */
    expiresAt: z.iso.datetime(),
  })
  .openapi('MovedParticipant');
export type MovedParticipantView = z.output<typeof movedParticipantSchema>;

export const enterRoomSchema = z.strictObject({
  /** The one that came with `participant.moved`. */
  ticket: z.string().min(1).max(4096),
});
export type EnterRoom = z.output<typeof enterRoomSchema>;

export const movedAdmissionSchema = admissionSchema
  .extend({
    /** A guest's credential for the API in this room; null for everybody else. */
    guestTicket: z.string().nullable(),
    guestTicketExpiresAt: z.iso.datetime().nullable(),
  })
  .openapi('MovedAdmission');
export type MovedAdmissionView = z.output<typeof movedAdmissionSchema>;

export const movedAdmissionExample: MovedAdmissionView = {
  ...admissionExample,
  guestTicket: null,
  guestTicketExpiresAt: null,
};
