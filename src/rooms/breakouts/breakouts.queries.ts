import {
  and,
  asc,
  desc,
  eq,
  inArray,
  lte,
  notInArray,
  or,
  type SQL,
  sql,
  type SQLWrapper,
} from 'drizzle-orm';
import { changeVersioned, mustChange, type Queries, isBefore } from '../../kernel/db/index.ts';
import { callParticipants, calls, isOpenCall } from '../../calls/calls/calls.tables.ts';
import { links } from '../links/links.tables.ts';
import { roomPeople, rooms } from '../rooms/rooms.tables.ts';
import { breakoutErrors } from './breakouts.errors.ts';
import type { Breakout } from './breakouts.rules.ts';
import { breakoutPeople, breakoutRooms, breakouts } from './breakouts.tables.ts';

const openCall = and(eq(calls.roomId, rooms.id), isOpenCall);
const { enableRecording, enableScreenShare, enableChat } = links;
const switches = { enableRecording, enableScreenShare, enableChat };

/** The statements that read whole sessions, from whose rows `assembleSessions` builds them. */
function selectSessionsWithParts(q: Queries, ids: SQLWrapper) {
  return [
    q.select().from(breakouts).where(inArray(breakouts.id, ids)).orderBy(desc(breakouts.id)),
    q
      .select({ breakoutId: breakoutRooms.breakoutId, room: rooms, call: calls })
      .from(breakoutRooms)
      .innerJoin(rooms, eq(rooms.id, breakoutRooms.roomId))
      .leftJoin(calls, openCall)
      .where(inArray(breakoutRooms.breakoutId, ids))
      .orderBy(asc(breakoutRooms.position)),
    q
      .select({
        person: breakoutPeople,
        switches,
        current: { identity: roomPeople.identity, role: roomPeople.role, removedAt: roomPeople.removedAt },
      })
      .from(breakoutPeople)
      .innerJoin(breakouts, eq(breakouts.id, breakoutPeople.breakoutId))
      .leftJoin(
        roomPeople,
        and(eq(roomPeople.roomId, breakouts.roomId), eq(roomPeople.identity, breakoutPeople.identity)),
      )
      .leftJoin(links, eq(links.id, breakoutPeople.linkId))
      .where(inArray(breakoutPeople.breakoutId, ids))
      .orderBy(asc(breakoutPeople.identity)),
  ] as const;
}

const selectBreakoutIds = (q: Queries, where: SQL | undefined) =>
  q.select({ id: breakouts.id }).from(breakouts).where(where);

const inRoom = (organizationId: string, roomId: string) =>
  and(eq(breakouts.organizationId, organizationId), eq(breakouts.roomId, roomId));

export const selectSession = (q: Queries, organizationId: string, roomId: string, breakoutId: string) =>
  selectSessionsWithParts(
    q,
    selectBreakoutIds(q, and(inRoom(organizationId, roomId), eq(breakouts.id, breakoutId))),
  );

/** The open session of a room. */
export const selectOpenSession = (q: Queries, organizationId: string, roomId: string) =>
  selectSessionsWithParts(
    q,
    selectBreakoutIds(q, and(inRoom(organizationId, roomId), eq(breakouts.status, 'open'))),
  );

/** The ids of the rooms that are groups of a room's open session. */
export const selectOpenGroupIds = (q: Queries, organizationId: string, roomId: string) =>
  q
    .select({ roomId: breakoutRooms.roomId })
    .from(breakoutRooms)
    .innerJoin(breakouts, eq(breakouts.id, breakoutRooms.breakoutId))
    .where(and(inRoom(organizationId, roomId), eq(breakouts.status, 'open')));

/** The sessions of a room, newest first. */
export function selectSessionPage(
  q: Queries,
  organizationId: string,
  roomId: string,
  before: string | undefined,
  limit: number,
) {
  const page = q
    .select({ id: breakouts.id })
    .from(breakouts)
    .where(and(inRoom(organizationId, roomId), isBefore(breakouts.id, before)))
    .orderBy(desc(breakouts.id))
    .limit(limit + 1)
    .as('page');
  return selectSessionsWithParts(q, q.select({ id: page.id }).from(page));
}

/** The participants of the open calls of a session's groups, with what the divided room stores about them. */
export function selectGroupParticipants(q: Queries, organizationId: string, breakoutId: string) {
  return q
    .select({ groupId: calls.roomId, participant: callParticipants, person: roomPeople, switches })
    .from(breakoutRooms)
    .innerJoin(breakouts, eq(breakouts.id, breakoutRooms.breakoutId))
    .innerJoin(calls, and(eq(calls.roomId, breakoutRooms.roomId), isOpenCall))
    .innerJoin(callParticipants, eq(callParticipants.callId, calls.id))
    .leftJoin(
      roomPeople,
      and(eq(roomPeople.roomId, breakouts.roomId), eq(roomPeople.identity, callParticipants.identity)),
    )
    .leftJoin(links, eq(links.id, roomPeople.linkId))
    .where(
      and(
        eq(breakoutRooms.breakoutId, breakoutId),
        eq(breakoutRooms.organizationId, organizationId),
        inArray(callParticipants.status, ['waiting', 'connected', 'disconnected']),
      ),
    );
}

export function insertBreakouts(
  q: Queries,
  row: typeof breakouts.$inferInsert,
  groups: (typeof breakoutRooms.$inferInsert)[],
) {
  return [q.insert(breakouts).values(row), q.insert(breakoutRooms).values(groups)];
}

/** Puts people into groups; a person who is in one already changes to the new one. */
export function upsertBreakoutPeople(q: Queries, rows: (typeof breakoutPeople.$inferInsert)[]) {
  return q
    .insert(breakoutPeople)
    .values(rows)
    .onConflictDoUpdate({
      target: [breakoutPeople.breakoutId, breakoutPeople.identity],
      set: { roomId: sql`excluded.room_id` },
    });
}

/** Takes everybody except these people out of the groups. */
export function deleteOtherBreakoutPeople(
  q: Queries,
  { id, organizationId }: Pick<Breakout, 'id' | 'organizationId'>,
  identities: readonly string[],
) {
  return q
    .delete(breakoutPeople)
    .where(
      and(
        eq(breakoutPeople.breakoutId, id),
        eq(breakoutPeople.organizationId, organizationId),
        identities.length > 0 ? notInArray(breakoutPeople.identity, [...identities]) : undefined,
      ),
    );
}

const isOpen = ({ id, organizationId }: Pick<Breakout, 'id' | 'organizationId'>) =>
  and(eq(breakouts.id, id), eq(breakouts.organizationId, organizationId), eq(breakouts.status, 'open'));

/** Raises the version of a session that is open; otherwise the commit fails with `breakouts.closed`. */
export function touchBreakout(q: Queries, breakout: Breakout, updatedAt: Date) {
  const change = q
    .update(breakouts)
    .set({ updatedAt, version: sql`${breakouts.version} + 1` })
    .where(isOpen(breakout))
    .returning({ id: breakouts.id });
  return mustChange(q, change, breakoutErrors.closed);
}

/** Changes a session that is open and has the version that was read; otherwise the commit fails with `request.stale`. */
export function updateBreakout(q: Queries, breakout: Breakout, set: Partial<typeof breakouts.$inferInsert>) {
  return changeVersioned(q, breakouts, breakout, set, { condition: eq(breakouts.status, 'open') });
}

/** Open sessions whose duration is over, or whose room has ended; of all organizations. */
export function selectDueBreakouts(q: Queries, now: Date, limit: number) {
  return q
    .select({ organizationId: breakouts.organizationId, roomId: breakouts.roomId, id: breakouts.id })
    .from(breakouts)
    .innerJoin(rooms, eq(rooms.id, breakouts.roomId))
    .where(and(eq(breakouts.status, 'open'), or(lte(breakouts.closesAt, now), eq(rooms.status, 'ended'))))
    .orderBy(asc(breakouts.id))
    .limit(limit);
}
