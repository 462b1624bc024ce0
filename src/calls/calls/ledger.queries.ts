import { and, eq, getTableColumns, inArray, sql } from 'drizzle-orm';
import type { PgTable } from 'drizzle-orm/pg-core';
import { requestErrors } from '../../kernel/core/index.ts';
import { changeVersioned, mustChange, type Queries } from '../../kernel/db/index.ts';
import { type EndMark, type EndReason, type Fact, NO_CALL_EVIDENCE } from '../ledger/index.ts';
import { callConnections, callParticipants, calls, callTracks, isOpenCall } from './calls.tables.ts';
import type { Call, ConnectionRow, TrackRow } from './ledger-rows.rules.ts';

/** Postgres limits the parameters of a statement. */
const MAX_ROWS_PER_STATEMENT = 1_000;

/**
 * Reads whole ledgers in the system's scope: calls, connections, tracks, participants, and the ids of those calls whose room
 * has another open call. `assembleLedgers` puts them together.
 */
export function selectLedgers(q: Queries, callIds: readonly string[]) {
  const ids = [...callIds];
  return [
    q.select().from(calls).where(inArray(calls.id, ids)),
    q.select().from(callConnections).where(inArray(callConnections.callId, ids)),
    q.select().from(callTracks).where(inArray(callTracks.callId, ids)),
    q.select().from(callParticipants).where(inArray(callParticipants.callId, ids)),
    q
      .select({ id: calls.id })
      .from(calls)
      .where(
        and(
          inArray(calls.id, ids),
          sql`exists (select from calls other where other.room_id = ${calls.roomId} and other.id <> ${calls.id}
            and other.status in ('waiting', 'active'))`,
        ),
      ),
  ] as const;
}

/** Changes the call if it still has the version that was read; otherwise the commit fails with `request.stale`. */
export function updateCall(
  q: Queries,
  call: Pick<Call, 'id' | 'organizationId' | 'version'>,
  set: Partial<typeof calls.$inferInsert>,
) {
  return changeVersioned(q, calls, call, set);
}

/** For an upsert: the columns take the values of the row that conflicts. */
function excludedColumns<T extends PgTable>(table: T, names: readonly (keyof T['_']['columns'] & string)[]) {
  const columns = getTableColumns(table);
  return Object.fromEntries(names.map((name) => [name, sql.raw(`excluded.${columns[name]!.name}`)]));
}

function chunkRows<T>(rows: readonly T[]): T[][] {
  const count = Math.ceil(rows.length / MAX_ROWS_PER_STATEMENT);
  return Array.from({ length: count }, (_, i) =>
    rows.slice(i * MAX_ROWS_PER_STATEMENT, (i + 1) * MAX_ROWS_PER_STATEMENT),
  );
}

/**
 * Stores the ledger's data about participants, without seats and roles. Fails when a new identity is stored already.
 */
export const upsertParticipants = (q: Queries, rows: readonly (typeof callParticipants.$inferInsert)[]) =>
  chunkRows(rows).map((chunk) =>
    q
      .insert(callParticipants)
      .values(chunk)
      .onConflictDoUpdate({
        target: callParticipants.id,
        set: excludedColumns(callParticipants, [
          'name',
          'status',
          'joinedAt',
          'leftAt',
          'connectedMs',
          'updatedAt',
        ]),
      }),
  );

export const upsertConnections = (q: Queries, rows: readonly ConnectionRow[]) =>
  chunkRows(rows).map((chunk) =>
    q
      .insert(callConnections)
      .values(chunk)
      .onConflictDoUpdate({
        target: [callConnections.callId, callConnections.sid],
        set: excludedColumns(callConnections, [
          'name',
          'joined',
          'joinedAt',
          'left',
          'leftAt',
          'leaveReason',
          'connected',
          'evidence',
          'version',
        ]),
      }),
  );

export const upsertTracks = (q: Queries, rows: readonly TrackRow[]) =>
  chunkRows(rows).map((chunk) =>
    q
      .insert(callTracks)
      .values(chunk)
      .onConflictDoUpdate({
        target: [callTracks.callId, callTracks.sid],
        set: excludedColumns(callTracks, [
          'kind',
          'source',
          'muted',
          'published',
          'publishedAt',
          'unpublished',
          'unpublishedAt',
          'evidence',
          'version',
        ]),
      }),
  );

export interface SweptCall extends Pick<Call, 'id' | 'version'> {
  /** Whether the lists contained everything that is open, so that all of it was seen at that moment. */
  confirmed: boolean;
}

/** Records that the lists agree with the ledger, except for calls that have changed since. */
export function markCallsSwept(q: Queries, swept: readonly SweptCall[], now: Date) {
  const sweptJson = JSON.stringify(swept.map(({ id, version, confirmed }) => ({ id, version, confirmed })));
  return q.execute(sql`
    update calls set swept_at = ${now.toISOString()}::timestamptz,
      swept_version = case when given.confirmed then calls.version end
    from jsonb_to_recordset(${sweptJson}::jsonb) as given(id text, version int, confirmed boolean)
    where calls.id = given.id and calls.version = given.version`);
}

/**
 * Ends an open call now; if it is not open, the commit fails with `request.stale`. Needs no version: a report of the cluster
 * at the same time is merged with it.
 * @param closed the end, as evidence and as a fact
 */
export function endCall(
  q: Queries,
  organizationId: string,
  callId: string,
  closed: { evidence: EndMark<EndReason>; fact: Fact },
  now: Date,
) {
  const change = q
    .update(calls)
    .set({
      status: sql`case ${calls.status} when 'active' then 'ended' else 'failed' end`,
      ended: closed.fact,
      endedAt: new Date(closed.fact.atMs),
      endReason: closed.evidence.reason,
      evidence: sql`jsonb_set(coalesce(${calls.evidence}, ${JSON.stringify(NO_CALL_EVIDENCE)}::jsonb), '{closed}',
        ${JSON.stringify(closed.evidence)}::jsonb)`,
      updatedAt: now,
      version: sql`${calls.version} + 1`,
    })
    .where(and(eq(calls.id, callId), eq(calls.organizationId, organizationId), isOpenCall))
    .returning({ id: calls.id });
  return mustChange(q, change, requestErrors.stale);
}

/** The start, end and participant of the connections of a call. */
export function selectConnectionTimes(
  q: Queries,
  organizationId: string,
  callId: string,
  sids: readonly string[],
) {
  return q
    .select({
      sid: callConnections.sid,
      joinedAt: callConnections.joinedAt,
      leftAt: callConnections.leftAt,
      connected: callConnections.connected,
      version: callConnections.version,
      userId: callParticipants.userId,
      kind: callParticipants.kind,
      role: callParticipants.role,
      region: callParticipants.region,
    })
    .from(callConnections)
    .innerJoin(callParticipants, eq(callParticipants.id, callConnections.participantId))
    .where(
      and(
        eq(callConnections.organizationId, organizationId),
        eq(callConnections.callId, callId),
        inArray(callConnections.sid, [...sids]),
      ),
    );
}

/** Renames all participants of the user, in all organizations. */
export const renameParticipantsOfUser = (q: Queries, userId: string, name: string) =>
  q.update(callParticipants).set({ name }).where(eq(callParticipants.userId, userId));
