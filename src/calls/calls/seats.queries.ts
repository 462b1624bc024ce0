import { and, eq, getTableColumns, gt, type SQL, sql } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import { entitledTo } from '../../identity/entitlements/index.ts';
import type { Queries } from '../../kernel/db/index.ts';
import { callParticipants, calls, isOpenCall } from './calls.tables.ts';
import type { CallLimits } from './call-limits.rules.ts';
import { UNCOUNTED_ROLES } from './calls.enums.ts';
import type { CallParticipant } from './ledger-rows.rules.ts';

export type NewCall = Omit<typeof calls.$inferInsert, keyof CallLimits>;
type LimitExpressions = { [Name in keyof CallLimits]: SQL };

/** A call, open or ended. */
export function selectCall(q: Queries, organizationId: string, callId: string) {
  return q
    .select()
    .from(calls)
    .where(and(eq(calls.organizationId, organizationId), eq(calls.id, callId)));
}

/** The room's open call. */
export function selectOpenCall(q: Queries, organizationId: string, roomId: string) {
  return q
    .select()
    .from(calls)
    .where(and(eq(calls.organizationId, organizationId), eq(calls.roomId, roomId), isOpenCall));
}

/**
 * Creates a call. Fails with the unique key `calls_open_room_key` when the room already has an open one.
 * @param limits read in the same statement, so that a change of the room at the same moment is not missed
 */
export function insertCall(q: Queries, row: NewCall, limits: LimitExpressions) {
  return q.insert(calls).values({ ...row, ...limits });
}

/**
 * Changes the limits of the room's open call, for the commit that changes the room's. Needs no version: the ledger does
 * not write these columns.
 */
export function updateOpenCallLimits(
  q: Queries,
  organizationId: string,
  roomId: string,
  limits: LimitExpressions & { aloneFrom?: Date },
) {
  return q
    .update(calls)
    .set(limits)
    .where(and(eq(calls.organizationId, organizationId), eq(calls.roomId, roomId), isOpenCall));
}

export type Seat = CallParticipant & { seatSince: Date; seatUntil: Date };

/** As an array of PostgreSQL. */
const SEATLESS_ROLES = `{${UNCOUNTED_ROLES.join()}}`;

const SEAT_COLUMNS = Object.entries(getTableColumns(callParticipants)) as [keyof Seat, PgColumn][];

/** How many seats of the call are taken at the moment by others than a participant, for a select. */
export const seatsTakenByOthers = (participant: typeof callParticipants, moment: Date): SQL<number> => {
  const { organizationId, callId, id } = participant;
  return sql<number>`count_seats(${organizationId}, ${callId}, ${id}, ${moment.toISOString()}::timestamptz, ${SEATLESS_ROLES})`;
};

/**
 * Gives an identity a seat in the call by the SQL function of `take-seat.sql`, which counts the seats under a lock. An
 * identity that is already a participant keeps what the ledger recorded; name, role, region and seat are replaced. Fails
 * with `rooms.full` or `rooms.seats_unclaimed`, or with `request.stale` when the call has ended or the identity has another
 * participant id.
 * @param seats how many seats the call has; null for a role that takes none, and for somebody who always finds one
 * @param isApproved whether a moderator let this person in: then seats without a connection are not bounded
 */
export function takeSeat(q: Queries, seat: Seat, seats: number | null, isApproved = false) {
  const row = Object.fromEntries(SEAT_COLUMNS.map(([key, { name }]) => [name, seat[key]]));
  const document = JSON.stringify({ ...row, approved: isApproved });
  const allowed = entitledTo('room_capacity', {
    organizationId: seat.organizationId,
    now: seat.seatSince ?? seat.updatedAt,
  });
  // After a downgrade a room can be larger than the plan allows; its calls are not.
  const held = seats === null ? sql`null` : sql`least(${seats}, ${allowed})`;
  return q.execute(sql`select take_seat(${document}, (${held})::integer, ${SEATLESS_ROLES})`);
}

/**
 * The condition that an identity is or was a participant of a call in the room.
 * @param until when they must have had their seat at the latest
 */
export const hasBeenInRoom = (
  roomId: string | PgColumn,
  identity: string,
  until?: PgColumn,
): SQL<boolean> => sql<boolean>`exists (
  select from ${callParticipants} p join ${calls} c on c.id = p.call_id
  where c.room_id = ${roomId} and p.identity = ${identity}
    ${until ? sql`and p.created_at <= ${until}` : sql``})`;

/** The condition that a host is or was connected to the call of `calls`. */
export const hostCame: SQL = sql`exists (select from ${callParticipants} h
  where h.call_id = ${calls.id} and h.role = 'host' and h.joined_at is not null)`;

/** Changes a participant's role in the call. */
export function updateSeatRole(
  q: Queries,
  { id, organizationId }: Pick<Seat, 'id' | 'organizationId'>,
  role: Seat['role'],
  now: Date,
) {
  return q
    .update(callParticipants)
    .set({ role, updatedAt: now })
    .where(and(eq(callParticipants.id, id), eq(callParticipants.organizationId, organizationId)));
}

/** Gives back a seat that its participant no longer needs; a connected participant is still counted. */
export function releaseSeat(
  q: Queries,
  { id, organizationId }: Pick<Seat, 'id' | 'organizationId'>,
  now: Date,
) {
  return q
    .update(callParticipants)
    .set({ seatUntil: now, updatedAt: now })
    .where(
      and(
        eq(callParticipants.id, id),
        eq(callParticipants.organizationId, organizationId),
        gt(callParticipants.seatUntil, now),
      ),
    );
}
