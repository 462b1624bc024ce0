import { idSchema } from '../../kernel/core/index.ts';
import type { DomainEvent } from '../../kernel/events/index.ts';

export const callIdSchema = idSchema('call');

/** A LiveKit room is one of ours when it has the name of a call; what is told of any other is not for us. */
export const isCallRoom = (room: string): boolean => callIdSchema.safeParse(room).success;

export const CALL_REPORTED = 'call.reported';

/** Asks for the reduction of what was told of a call. */
export const callReportedEvent = (callId: string): DomainEvent => ({
  type: CALL_REPORTED,
  key: callId,
  payload: { callId },
  coalesced: true,
});
