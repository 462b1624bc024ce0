import { type Call, UNCOUNTED_ROLES } from '../../calls/calls/index.ts';
import type { LiveCommand } from '../../realtime/protocol/index.ts';
import { capRole, memberRoleInRoom } from '../access/index.ts';
import type { Room, RoomPerson, RoomRole } from '../rooms/index.ts';

/** How long before its end people are told that a call runs out of time. */
export const ENDING_NOTICE_SECONDS = 120;

/** What a live room is told of its room; the same however often it is told. */
export function roomCommands(room: Room, by: string | null = null): LiveCommand[] {
  const { version, updatedAt, locked, name, features } = room;
  const header = { atMs: updatedAt.getTime(), by };
  return [
    { type: 'room.locked', key: `room:${version}:locked`, ...header, locked },
    { type: 'room.updated', key: `room:${version}`, ...header, name, features },
  ];
}

export function roomEndedCommand({ updatedAt, deletedAt }: Room, by: string | null = null): LiveCommand {
  const atMs = updatedAt.getTime();
  const reason = deletedAt ? 'the room was deleted' : 'ended by a moderator';
  return { type: 'room.ended', key: `room:ended:${atMs}`, atMs, by, reason };
}

/** What a live room is told once its organization is deleted. Tickets from before `atMs` open it no more. */
export const organizationDeletedCommand = (atMs: number): LiveCommand => ({
  type: 'room.ended',
  key: `organization:deleted:${atMs}`,
  atMs,
  by: null,
  reason: 'the organization was deleted',
});

/** What a live room is told of a call; null for one that nobody has come to yet. */
export function callCommand({ id: callId, status, startedAt, endedAt }: Call): LiveCommand | null {
  if (endedAt) {
    const header = { key: `${callId}:ended`, atMs: endedAt.getTime(), by: null };
    return { type: 'call.ended', ...header, callId, endedAt: endedAt.toISOString() };
  }
  if (status !== 'active' || !startedAt) return null;
  const header = { key: `${callId}:started`, atMs: startedAt.getTime(), by: null };
  return { type: 'call.started', ...header, callId, startedAt: startedAt.toISOString() };
}

/** The notice that a call ends soon; once for each call. */
export function endingSoonCommand(callId: string, endsAtMs: number, nowMs: number): LiveCommand {
  const seconds = Math.max(0, Math.round((endsAtMs - nowMs) / 1000));
  return {
    type: 'notice',
    key: `${callId}:out_of_time:${endsAtMs}`,
    atMs: nowMs,
    by: null,
    level: 'warning',
    code: 'call.out_of_time',
    text: `The call reaches the room's longest duration and ends in ${seconds} s`,
    to: null,
  };
}

/**
 * The role that a place in a room has by now, after that of its holder in the organization changed: bounded by what the
 * room gives them, and the host's for who has become an administrator, unless they came as something else of their own
 * accord. Null where nothing follows: for who has a role of their own in the room, or is no member any more.
 */
export function seatRoleByMembership(
  { identity, role }: { identity: string; role: RoomRole },
  room: Room,
  { person, memberRole }: { person: RoomPerson | null; memberRole: string | null },
): RoomRole | null {
  if (person?.role || (UNCOUNTED_ROLES as readonly string[]).includes(role)) return null;
  const ownRole = memberRoleInRoom(identity, room, { person: person ?? undefined, memberRole });
  if (ownRole === null) return null;
  const isPromoted = ownRole === 'host' && role === room.defaultRoles.member;
  return isPromoted ? ownRole : capRole(role, ownRole);
}
