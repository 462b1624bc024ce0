import type { Call } from '../../calls/calls/index.ts';
import type { LiveCommand } from '../../realtime/protocol/index.ts';
import type { Room } from '../rooms/index.ts';

/**
 * The commands that bring a live room's lock, name and features into line with its room. All commands of this file have
 * keys made of what they report, so that the live room applies each of them once, however often it is sent.
 */
export function roomCommands(room: Room, by: string | null = null): LiveCommand[] {
  const { version, updatedAt, locked, name, features } = room;
  const header = { atMs: updatedAt.getTime(), by };
  return [
    { type: 'room.locked', key: `room:${version}:locked`, ...header, locked },
    { type: 'room.updated', key: `room:${version}`, ...header, name, features },
  ];
}

/** Ends a live room and closes its sockets. */
export function roomEndedCommand({ updatedAt, deletedAt }: Room, by: string | null = null): LiveCommand {
  const atMs = updatedAt.getTime();
  const reason = deletedAt ? 'the room was deleted' : 'ended by a moderator';
  return { type: 'room.ended', key: `room:ended:${atMs}`, atMs, by, reason };
}

/** Shows that a call has started or ended; null for one that nobody has connected to yet. */
export function callCommand({ id: callId, status, startedAt, endedAt }: Call): LiveCommand | null {
  if (endedAt) {
    const header = { key: `${callId}:ended`, atMs: endedAt.getTime(), by: null };
    return { type: 'call.ended', ...header, callId, endedAt: endedAt.toISOString() };
  }
  if (status !== 'active' || !startedAt) return null;
  const header = { key: `${callId}:started`, atMs: startedAt.getTime(), by: null };
  return { type: 'call.started', ...header, callId, startedAt: startedAt.toISOString() };
}
