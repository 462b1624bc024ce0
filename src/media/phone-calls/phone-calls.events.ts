import { z } from '@hono/zod-openapi';
import { exampleId, idSchema } from '../../kernel/core/index.ts';
import { defineEvent } from '../../kernel/events/index.ts';
import { PHONE_CALL_REASONS, PHONE_CALL_STATES } from './phone-calls.enums.ts';

const phoneCallId = idSchema('phoneCall').describe('Id of the telephone call.');
const key = ({ phoneCallId: id }: { phoneCallId: string }) => id;

export const phoneCallChanged = defineEvent({
  type: 'phone_call.changed',
  description: 'A telephone call was requested, or its state changed.',
  payload: z.object({
    phoneCallId,
    roomId: idSchema('room').describe('Id of the room.'),
    callId: idSchema('call').describe('Id of the call that the telephone is brought into.'),
    state: z.enum(PHONE_CALL_STATES).describe('Its state.'),
    reason: z.enum(PHONE_CALL_REASONS).nullable().describe('Why it ends, or is over; null before.'),
  }),
  example: {
    phoneCallId: exampleId('phoneCall'),
    roomId: exampleId('room'),
    callId: exampleId('call'),
    state: 'active',
    reason: null,
  },
  key,
});

const internal = (type: string, description: string) =>
  defineEvent({
    type,
    description,
    payload: z.object({ phoneCallId }),
    example: { phoneCallId: exampleId('phoneCall') },
    key,
    internal: true,
  });

/** Waits for its time, and keeps nothing else waiting: it has a subscriber of its own. */
export const phoneCallLookDue = internal(
  'phone_call.look_due',
  'It is time to check the state of a telephone call.',
);

export const phoneCallFollowed = internal(
  'phone_call.followed',
  'Something happened that may change what a telephone call has to do.',
);

export const phoneCallEvents = [phoneCallChanged, phoneCallLookDue, phoneCallFollowed];
