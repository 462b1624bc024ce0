import type { PhoneCallView } from './phone-calls.schemas.ts';
import type { PhoneCall } from './phone-calls.tables.ts';

/** A telephone call as moderators of its room see it. */
export const presentPhoneCall = (row: PhoneCall): PhoneCallView => ({
  id: row.id,
  roomId: row.roomId,
  callId: row.callId,
  participantId: row.participantId,
  direction: row.direction,
  phoneTrunkId: row.phoneTrunkId,
  phoneNumberId: row.phoneNumberId,
  number: row.number,
  callerNumber: row.callerNumber,
  name: row.name,
  state: row.state,
  reason: row.reason,
  transfer:
    row.transferNumber === null || row.transferState === null
      ? null
      : { number: row.transferNumber, state: row.transferState },
  answeredAt: row.answeredAt?.toISOString() ?? null,
  endedAt: row.endedAt?.toISOString() ?? null,
  requestedBy: row.requestedBy,
  createdAt: row.createdAt.toISOString(),
  updatedAt: row.updatedAt.toISOString(),
});
