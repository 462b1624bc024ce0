import { idSchema } from '../../kernel/core/index.ts';
import type { DomainEvent } from '../../kernel/events/index.ts';

export const callIdSchema = idSchema('call');

/** Whether a LiveKit room is a call of this product: such a room has the call's id as its name. */
export const isCallRoom = (room: string): boolean => callIdSchema.safeParse(room).success;

export const CALL_REPORTED = 'call.reported';

/** The event that asks for the reduction of a call's stored cluster events. */
export const callReportedEvent = (callId: string): DomainEvent => ({
  type: CALL_REPORTED,
  key: callId,
  payload: { callId },
  coalesced: true,
});
