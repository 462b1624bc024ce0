import { idSchema } from '../../platform/core/index.ts';
import type { Effect } from '../../platform/outbox/index.ts';

export const callIdSchema = idSchema('call');

/** A LiveKit room is one of ours when it has the name of a call; what is told of any other is not for us. */
export const isOurs = (room: string): boolean => callIdSchema.safeParse(room).success;

export const REPORTED = 'call.reported';

/** Asks for the reduction of what was told of a call. */
export const reported = (callId: string): Effect => ({
  type: REPORTED,
  key: callId,
  payload: { callId },
  coalesced: true,
});
