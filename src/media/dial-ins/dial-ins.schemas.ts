import { z } from '@hono/zod-openapi';
import { exampleId } from '../../kernel/core/index.ts';
import { roomIdSchema } from '../../rooms/rooms/index.ts';
import { DIAL_IN_REASONS, DIAL_IN_STATES } from './dial-ins.enums.ts';

export const dialInSchema = z
  .object({
    roomId: roomIdSchema.describe('The room.'),
    pin: z
      .string()
      .nullable()
      .describe(
        'Digits that callers enter, followed by `#`; null when they can no longer be read and have to be rotated.',
      ),
    numbers: z
      .array(z.string())
      .describe('Numbers of the organization that can be called, in the international form.'),
    state: z.enum(DIAL_IN_STATES).describe('Whether telephones can call in now.'),
    reason: z
      .enum(DIAL_IN_REASONS)
      .nullable()
      .describe(
        'Why they cannot; null while they can. `no_call`: the room has no active call. `no_number`: the organization has ' +
          'no number that takes calls. `locked`, `lobby`, `waits_for_host`, `needs_consent`: newcomers have to be let in or ' +
          'asked, which is not possible on a telephone. `room_ended`. `other_cluster`: the call is at a media cluster where ' +
          'the organization has no number. `refused`: the media server did not accept it. `disabled`. `not_included`: the ' +
          'plan does not include telephony. `pin_unreadable`: the PIN has to be rotated. `room_deleted`, ' +
          '`organization_deleted`.',
      ),
    createdBy: z.string().describe('Identity of the person who switched it on.'),
    createdAt: z.iso.datetime().describe('When it was switched on.'),
    updatedAt: z.iso.datetime().describe('When it last changed.'),
  })
  .openapi('DialIn');
export type DialInView = z.output<typeof dialInSchema>;

export const dialInExample: DialInView = {
  roomId: exampleId('room'),
  pin: '4081759362',
  numbers: ['+493012345678'],
  state: 'open',
  reason: null,
  createdBy: exampleId('user'),
  createdAt: '2026-01-05T09:30:00.000Z',
  updatedAt: '2026-01-05T09:30:00.000Z',
};
