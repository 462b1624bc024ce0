import { and, eq, getTableColumns, type SQL, sql } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import { requestErrors } from '../../platform/core/index.ts';
import { compiled, mustChange, type Places, type Queries } from '../../platform/db/index.ts';
import { callParticipants, calls, isOpenCall } from './calls.tables.ts';
import { SEATLESS_ROLES } from './calls.words.ts';
import type { CallParticipant } from './ledger-rows.rules.ts';

export type NewCall = typeof calls.$inferInsert;

/** A connection that broke keeps its seat for so long. */
const COMES_BACK_WITHIN = sql.raw(`interval '30 seconds'`);

/** The room's one call that is waiting or under way. */
export function findOpenCall(q: Queries, organizationId: string, roomId: string) {
  return q
    .select()
    .from(calls)
    .where(and(eq(calls.organizationId, organizationId), eq(calls.roomId, roomId), isOpenCall));
}

export interface SeatCount {
  organizationId: string;
  callId: string;
  /** In ISO 8601. */
  now: string;
  /** An identity whose own seat is not counted: theirs already, when they come again. */
  except: string;
}

/**
 * How many seats of a call are taken, as an expression: by who is connected, by whose connection broke a moment ago,
 * and by who got a token since they were last there and may still use it. Observers and agents sit nowhere.
 */
export const seatsTaken = ({ organizationId, callId, now, except }: Places<SeatCount>): SQL<number> => sql`(
  select count(*)::int from ${callParticipants} p
  where p.organization_id = ${organizationId} and p.call_id = ${callId} and p.identity <> ${except}
    and p.role not in (${sql.join(
      SEATLESS_ROLES.map((role) => sql`${role}`),
      sql`, `,
    )})
    and (p.status = 'connected'
      or (p.status = 'disconnected' and p.left_at > ${now}::timestamptz - ${COMES_BACK_WITHIN})
      or (p.seat_until > ${now}::timestamptz and (p.left_at is null or p.seat_since > p.left_at))))`;

/** Fails with the unique key `calls_open_room_key` when the room has an open call by now. */
export function insertCall(q: Queries, row: NewCall) {
  return q.insert(calls).values(row);
}

export type Seat = CallParticipant & { seatSince: Date; seatUntil: Date };

/** What a new seat tells anew of who is known in the call. */
const RENEWED = ['name', 'role', 'region', 'seatSince', 'seatUntil', 'updatedAt', 'userId'] as const;
const excluded = ({ name }: PgColumn) => sql`excluded.${sql.identifier(name)}`;

/**
 * Gives an identity a seat in the call, and locks the call's row until the end of the transaction: whoever counts its
 * seats afterwards counts alone. Who is known in the call keeps what the ledger tells of them; name, role, region and
 * the seat itself are the new ones. Fails with `request.stale` when the call is over, or when they are known there by
 * another id than the row's.
 */
export const seatInOpenCall = compiled((q, seat: Places<Seat>) => {
  const { id, organizationId, callId } = seat;
  const row = Object.entries(getTableColumns(callParticipants)).map(
    ([key, column]) => sql`${sql.param(seat[key as keyof Seat], column)}`,
  );
  const open = sql`select ${sql.join(row, sql`, `)} from ${calls}
    where ${and(eq(calls.organizationId, organizationId), eq(calls.id, callId), isOpenCall)} for update`;
  const seated = q
    .insert(callParticipants)
    .select(open)
    .onConflictDoUpdate({
      target: [callParticipants.callId, callParticipants.identity],
      set: Object.fromEntries(RENEWED.map((key) => [key, excluded(callParticipants[key])])),
      setWhere: eq(callParticipants.id, id),
    })
    .returning({ id: callParticipants.id });
  return mustChange(q, seated, requestErrors.stale);
});

/** Whether an identity has or had a place in a call of the room, as an expression. */
export const hadPlace = (roomId: string, identity: string): SQL<boolean> => sql<boolean>`exists (
  select from ${callParticipants} p join ${calls} c on c.id = p.call_id
  where c.room_id = ${roomId} and p.identity = ${identity})`;

/** Gives a participant another role for the rest of the call. */
export function changeSeatRole(
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
