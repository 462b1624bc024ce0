import { z } from '@hono/zod-openapi';
import { idSchema } from '../../kernel/core/index.ts';
import { admissionExample, admissionSchema, recordingConsentField } from '../admission/index.ts';
import { roomIdSchema } from '../rooms/index.ts';

export const moveParticipantSchema = z.strictObject({
  toRoomId: roomIdSchema.describe('The room to move the participant to.'),
});
export type MoveParticipant = z.output<typeof moveParticipantSchema>;

export const movedParticipantSchema = z
  .object({
    participantId: idSchema('participant').describe('The participant.'),
    identity: z.string().describe('Identity of the participant.'),
    toRoomId: roomIdSchema.describe('The destination.'),
    expiresAt: z.iso.datetime().describe('Until when they can enter the destination.'),
  })
  .openapi('MovedParticipant');
export type MovedParticipantView = z.output<typeof movedParticipantSchema>;

export const enterRoomSchema = z.strictObject({
  ticket: z.string().min(1).max(4096).describe('The ticket that came with `participant.moved`.'),
  recordingConsent: recordingConsentField,
});
export type EnterRoom = z.output<typeof enterRoomSchema>;

export const movedAdmissionSchema = admissionSchema
  .extend({
    guestTicket: z
      .string()
      .nullable()
      .describe("A guest's credential for the API, valid in this room; null for everybody else."),
    guestTicketExpiresAt: z.iso
      .datetime()
      .nullable()
      .describe('When the guest ticket expires; null without one.'),
  })
  .openapi('MovedAdmission');
export type MovedAdmissionView = z.output<typeof movedAdmissionSchema>;

export const movedAdmissionExample: MovedAdmissionView = {
  ...admissionExample,
  guestTicket: null,
  guestTicketExpiresAt: null,
};
