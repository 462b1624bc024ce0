import type { RoomTicket } from '../../src/realtime/protocol/index.ts';

export const ALL_FEATURES = {
  chat: true,
  files: true,
  captions: true,
  screenShare: true,
  recording: true,
};
export const ROOM_ID = 'room_01jd3v7q8gf4kr2x6a0w9mznpe';

/** A verified ticket of a participant, issued now. */
export const createTicket = (
  nowMs: number,
  identity: string,
  claims: Partial<RoomTicket> = {},
): RoomTicket => ({
  organizationId: 'org_01jd3v7q8gf4kr2x6a0w9mznpe',
  roomId: ROOM_ID,
  identity,
  participantId: null,
  callId: null,
  name: identity.slice(4),
  role: 'participant',
  kind: 'service',
  userId: null,
  linkId: null,
  credential: null,
  lobbyEntryId: null,
  features: ALL_FEATURES,
  issuedAtMs: nowMs,
  expiresAtMs: nowMs + 600_000,
  sinceMs: nowMs,
  ...claims,
});
