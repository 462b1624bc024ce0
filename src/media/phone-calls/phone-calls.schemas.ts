import { z } from '@hono/zod-openapi';
import { exampleId, idSchema, lineSchema, pageSchema } from '../../kernel/core/index.ts';
import { roomIdSchema } from '../../rooms/rooms/index.ts';
import { phoneNumberSchema } from '../phone-trunks/index.ts';
import {
  PHONE_CALL_DIRECTIONS,
  PHONE_CALL_REASONS,
  PHONE_CALL_STATES,
  TRANSFER_STATES,
} from './phone-calls.enums.ts';

const phoneCallId = idSchema('phoneCall');
const phoneTrunkId = idSchema('phoneTrunk');
export const phoneCallParamsSchema = z.strictObject({
  roomId: roomIdSchema.describe('The room.'),
  phoneCallId: phoneCallId.describe('The telephone call.'),
});

export const createPhoneCallSchema = z.strictObject({
  phoneTrunkId: phoneTrunkId.describe('The trunk that it goes through.'),
  number: phoneNumberSchema.describe(
    'Number to call, in the international form; a prefix of the trunk must allow it.',
  ),
  callerNumber: phoneNumberSchema
    .optional()
    .describe('Number of the trunk that the called person sees; by default, its first one.'),
  name: lineSchema(100)
    .optional()
    .describe(
      'Name that everybody in the call sees, 1 to 100 characters. By default it is the end of the number.',
    ),
  digits: z
    .string()
    .regex(/^[\dA-D*#w]{1,64}$/, 'must be up to 64 of the keys 0-9, A-D, * and #, and w for half a second')
    .optional()
    .describe(
      'Keys that are pressed once somebody has answered, such as an extension; `w` waits half a second. Stored encrypted until they are ' +
        'dialed, and never returned.',
    ),
  ringSeconds: z
    .number()
    .int()
    .min(10)
    .max(80)
    .default(45)
    .describe('How long it rings at most, 10 to 80 seconds.'),
});
export type CreatePhoneCall = z.output<typeof createPhoneCallSchema>;

const moment = z.iso.datetime().nullable();
export const phoneCallSchema = z
  .object({
    id: phoneCallId.describe(
      'Id of the telephone call; for an outgoing call also the identity of its participant.',
    ),
    roomId: roomIdSchema.describe('The room.'),
    callId: idSchema('call').describe('The call that the telephone is brought into.'),
    participantId: idSchema('participant').describe('Its participant in that call.'),
    direction: z
      .enum(PHONE_CALL_DIRECTIONS)
      .describe('`out`: called from the room. `in`: somebody called a number of the organization.'),
    phoneTrunkId: phoneTrunkId
      .nullable()
      .describe(
        'The trunk that it goes through; null for an incoming call, and after the trunk was deleted.',
      ),
    phoneNumberId: idSchema('phoneNumber')
      .nullable()
      .describe(
        'The phone number that it came in by; null for an outgoing call, and after the number was deleted.',
      ),
    number: z.string().describe('Number that is called.'),
    callerNumber: z
      .string()
      .describe('Number that the called person sees; for an incoming call, only the last digits.'),
    name: z.string().describe('Name that everybody in the call sees.'),
    state: z
      .enum(PHONE_CALL_STATES)
      .describe(
        '`requested`: about to be dialed. `dialing`: the provider connects it. `ringing`. `active`: somebody has answered. `ending`: it is ' +
          'being hung up. `ended`, `failed`: `reason` says why.',
      ),
    reason: z
      .enum(PHONE_CALL_REASONS)
      .nullable()
      .describe(
        'Why it ends or is over; null before. `hung_up`: at the telephone. `ended_by_host`: from the room; `cancelled`: ' +
          'before an answer. `transferred`: to another number. `number_closed`: the number that it came in by was switched ' +
          'off or deleted. `not_admitted`: the room no longer admits callers. `room_full`. `limit_reached`: the plan or the ' +
          'spending limit admits nobody else, or no telephone minutes are left. `removed`: a moderator removed the ' +
          'participant. `call_ended`, `room_deleted`, `organization_deleted`. `trunk_closed`: the trunk was switched off or ' +
          'deleted. `not_included`: the plan no longer includes telephony. `no_answer`. `declined`: busy, or declined. ' +
          '`line_failed`: the provider could not connect it. `number_not_allowed`: the trunk no longer allows the number. ' +
          '`address_refused`: the trunk no longer leads to a public address. `password_unreadable`: the trunk needs a new ' +
          'password. `refused`: the media server did not accept it. `no_worker`: the media server had no worker free to ' +
          'dial. `lost`: the media server does not know what became of it.',
      ),
    transfer: z
      .object({
        number: z.string().describe('Number that the other side is to be connected to.'),
        state: z
          .enum(TRANSFER_STATES)
          .describe(
            '`requested`, `asked`: under way. `done`: connected; the telephone leaves the room. `failed`: it stays in the room. `unknown`: the ' +
              'media server did not answer.',
          ),
      })
      .nullable()
      .describe('The last transfer; null without one.'),
    answeredAt: moment.describe('When somebody answered, within a few seconds; null before.'),
    endedAt: moment.describe('When it was over; null before.'),
    requestedBy: z
      .string()
      .describe('Identity of the person who requested it; for an incoming call, of its participant.'),
    createdAt: z.iso.datetime().describe('When it was requested.'),
    updatedAt: z.iso.datetime().describe('When it last changed.'),
  })
  .openapi('PhoneCall');
export type PhoneCallView = z.output<typeof phoneCallSchema>;
export const phoneCallPageSchema = pageSchema(phoneCallSchema).openapi('PhoneCallPage');

export const createPhoneCallExample = {
  phoneTrunkId: exampleId('phoneTrunk'),
  number: '+493098765432',
  name: 'Reception',
} satisfies z.input<typeof createPhoneCallSchema>;
export const phoneCallExample: PhoneCallView = {
  id: exampleId('phoneCall'),
  roomId: exampleId('room'),
  callId: exampleId('call'),
  participantId: exampleId('participant'),
  direction: 'out',
  phoneTrunkId: exampleId('phoneTrunk'),
  phoneNumberId: null,
  number: '+493098765432',
  callerNumber: '+493012345678',
  name: 'Reception',
  state: 'active',
  reason: null,
  transfer: null,
  answeredAt: '2026-01-05T09:30:12.000Z',
  endedAt: null,
  requestedBy: exampleId('user'),
  createdAt: '2026-01-05T09:30:00.000Z',
  updatedAt: '2026-01-05T09:30:12.000Z',
};
