import { and, asc, eq, gt, isNull, ne, not, or, type SQL, sql } from 'drizzle-orm';
import { calls, isOpenCall } from '../../calls/calls/calls.tables.ts';
import { hostCame } from '../../calls/calls/index.ts';
import type { Queries } from '../../kernel/db/index.ts';
import { lobbyEntries } from '../lobby/lobby.tables.ts';
import { currentRoleOf } from '../rooms/index.ts';
import { roomPeople, rooms } from '../rooms/rooms.tables.ts';
import { links } from './links.tables.ts';

const rankOf = (role: unknown): SQL =>
  sql`coalesce(array_position(array['viewer', 'participant', 'moderator', 'host'], ${role}), 0)`;

/**
 * Whether a member waits for no higher role than their link, or the room, gives them: one who waits for the higher role of
 * another link, and has followed this one since, needs the approval of the other. A guest has one link.
 */
const waitsForNoHigherRole = or(
  eq(lobbyEntries.kind, 'guest'),
  sql`${rankOf(lobbyEntries.role)} <= greatest(${rankOf(links.defaultRole)}, ${rankOf(currentRoleOf(roomPeople))},
    ${rankOf(sql`${rooms.defaultRoles} ->> 'member'`)})`,
);

/** Whether the link still admits somebody who came by it: its use was counted then. For guests it must not be for members only. */
const admitsWaiting = (now: Date) =>
  and(
    isNull(links.deletedAt),
    links.isActive,
    or(isNull(links.expiresAt), gt(links.expiresAt, now)),
    or(isNull(links.callId), eq(links.callId, calls.id)),
    or(ne(lobbyEntries.kind, 'guest'), ne(links.access, 'restricted')),
    not(links.requireApproval),
    waitsForNoHigherRole,
  );

/** People who came without a link; a guest never does. */
const cameWithoutLink = and(isNull(links.id), ne(lobbyEntries.kind, 'guest'));

/**
 * The people in a room's lobby whom nothing keeps waiting any longer, with the open call: the room is open and neither
 * locked nor has a lobby nor waits for its host, and their link still admits them, without approval.
 */
export function selectReleasedEntries(
  q: Queries,
  organizationId: string,
  roomId: string,
  now: Date,
  limit: number,
) {
  return q
    .select({ entry: lobbyEntries, call: calls })
    .from(lobbyEntries)
    .innerJoin(rooms, eq(rooms.id, lobbyEntries.roomId))
    .leftJoin(calls, and(eq(calls.roomId, rooms.id), isOpenCall))
    .leftJoin(
      roomPeople,
      and(eq(roomPeople.roomId, rooms.id), eq(roomPeople.identity, lobbyEntries.identity)),
    )
    .leftJoin(links, eq(links.id, roomPeople.linkId))
    .where(
      and(
        eq(lobbyEntries.roomId, roomId),
        eq(lobbyEntries.organizationId, organizationId),
        eq(lobbyEntries.status, 'waiting'),
        gt(lobbyEntries.expiresAt, now),
        isNull(rooms.deletedAt),
        eq(rooms.status, 'open'),
        not(rooms.lobby),
        or(not(rooms.waitForHost), hostCame),
        not(rooms.locked),
        or(cameWithoutLink, admitsWaiting(now)),
      ),
    )
    .orderBy(asc(lobbyEntries.id))
    .limit(limit);
}
