import { phoneCallChanged } from './phone-calls.events.ts';
import type { PhoneCall } from './phone-calls.tables.ts';

/** Payload of the event of a change. */
export const changeEventOf = ({ id, roomId, callId, state, reason }: PhoneCall) =>
  phoneCallChanged.of({ phoneCallId: id, roomId, callId, state, reason });

/** The audit entry and the event of a move; none for other changes. */
export function recordsOfMove({ id: phoneCallId, roomId, state }: PhoneCall, changed: PhoneCall) {
  if (changed.state === state) return { audit: [], events: [] };
  const { state: next, reason } = changed;
  const entry = {
    action: `phone_call.${next}`,
    target: { type: 'room', id: roomId } as const,
    before: { phoneCallId, state },
    after: { phoneCallId, state: next, reason },
  };
  return { audit: [entry], events: [changeEventOf(changed)] };
}
