import { UNCOUNTED_ROLES } from '../../calls/calls/index.ts';
import { capRole, memberRoleInRoom, type RoomAccessFacts } from '../access/index.ts';
import type { Room, RoomRole } from '../rooms/index.ts';

/**
 * The role of a seat after its holder's role in the organization changed: lowered to what the room gives them, and
 * raised to host for somebody who became an administrator, unless they had joined in a lower role by choice. Null where
 * nothing follows: for people with a role of their own in the room, agents and observers, and people who are not active
 * members.
 */
export function seatRoleByMembership(
  { identity, role }: { identity: string; role: RoomRole },
  room: Room,
  facts: RoomAccessFacts,
): RoomRole | null {
  if (facts.person?.role || (UNCOUNTED_ROLES as readonly string[]).includes(role)) return null;
  const ownRole = memberRoleInRoom(identity, room, facts);
  if (ownRole === null) return null;
  const isPromoted = ownRole === 'host' && role === room.defaultRoles.member;
  return isPromoted ? ownRole : capRole(role, ownRole);
}
