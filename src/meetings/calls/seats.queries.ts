import { and, eq, inArray, type SQL, sql } from 'drizzle-orm';
import { requestErrors } from '../../platform/core/index.ts';
import { mustChange, type Queries } from '../../platform/db/index.ts';
import { callParticipants, calls } from './calls.tables.ts';
import { SEATLESS_ROLES } from './calls.words.ts';

export type NewCall = typeof calls.$inferInsert;

/** A connection that broke keeps its seat for so long. */
const COMES_BACK_WITHIN = sql.raw(`interval '30 seconds'`);

const isOpen = inArray(calls.status, ['waiting', 'active']);

/** The room's one call that is waiting or under way. */
export function findOpenCall(q: Queries, organizationId: string, roomId: string) {
  return q
    .select()
    .from(calls)
    .where(and(eq(calls.organizationId, organizationId), eq(calls.roomId, roomId), isOpen));
}

/**
 * Locks the open call's row until the end of the transaction: whoever counts its seats counts alone. Fails with
 * `request.stale` when the call is over.
 */
export function holdOpenCall(q: Queries, organizationId: string, callId: string) {
  const open = q
    .select({ id: calls.id })
    .from(calls)
    .where(and(eq(calls.organizationId, organizationId), eq(calls.id, callId), isOpen))
    .for('update');
  return mustChange(q, open, requestErrors.stale);
}

/**
 * How many seats of a call are taken, as an expression: by who is connected, by whose connection broke a moment ago,
 * and by who got a token since they were last there and may still use it. Observers and agents sit nowhere.
 * @param except an identity whose own seat is not counted: theirs already, when they come again
 */
export const seatsTaken = (
  organizationId: string,
  callId: string,
  now: Date,
  except: string,
): SQL<number> => sql`(
  select count(*)::int from ${callParticipants} p
  where p.organization_id = ${organizationId} and p.call_id = ${callId} and p.identity <> ${except}
    and p.role not in (${sql.join(
      SEATLESS_ROLES.map((role) => sql`${role}`),
      sql`, `,
    )})
    and (p.status = 'connected'
      or (p.status = 'disconnected' and p.left_at > ${now.toISOString()}::timestamptz - ${COMES_BACK_WITHIN})
      or (p.seat_until > ${now.toISOString()}::timestamptz and (p.left_at is null or p.seat_since > p.left_at))))`;

/** Fails with the unique key `calls_open_room_key` when the room has an open call by now. */
export function insertCall(q: Queries, row: NewCall) {
  return q.insert(calls).values(row);
}

export type Seat = typeof callParticipants.$inferInsert & { seatSince: Date; seatUntil: Date };

/**
 * Gives an identity a seat. Who is known in the call keeps what the ledger tells of them; name, role, region and the
 * seat itself are the new ones. Changes nothing when they are known by another id than the row's.
 */
export function upsertParticipant(q: Queries, row: Seat) {
  const { name, role, region, seatSince, seatUntil, updatedAt, userId } = row;
  return q
    .insert(callParticipants)
    .values(row)
    .onConflictDoUpdate({
      target: [callParticipants.callId, callParticipants.identity],
      set: { name, role, region, seatSince, seatUntil, updatedAt, userId },
      setWhere: eq(callParticipants.id, row.id),
    })
    .returning({ id: callParticipants.id });
}

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
