import { and, asc, desc, eq, getTableColumns, gte, inArray, lt, type SQL, sql } from 'drizzle-orm';
import { type Queries, isAfter, isBefore } from '../../kernel/db/index.ts';
import { callConnections, callParticipants, calls } from '../../calls/calls/calls.tables.ts';
import type { Fact } from '../../calls/ledger/index.ts';
import { qualityTotals } from '../quality/quality.tables.ts';
import { isCallShownTo } from '../../rooms/access/index.ts';
import { rooms } from '../../rooms/rooms/rooms.tables.ts';
import { TIMELINE_ENTRY_TYPES, type TimelineEntryView, type ListCallsQuery } from './call-history.schemas.ts';

const timestamp = (now: Date) => sql`${now.toISOString()}::timestamptz`;

/** Milliseconds that open connections have lasted until now or, at most, until the end of their call. */
const runningMs = (now: Date, of: SQL): SQL<string> => sql<string>`coalesce((
  select sum(greatest(0, extract(epoch from least(${timestamp(now)}, k.ended_at) - c.joined_at) * 1000))
  from call_connections c join calls k on k.id = c.call_id
  where ${of} and c.left_at is null and c.connected), 0)`;

const transferredBytes = (column: 'bytes_sent' | 'bytes_received') => sql<string | null>`(
  select sum(${sql.raw(column)}) from ${qualityTotals} t where t.call_id = ${calls.id})`;

const callFields = (now: Date) => ({
  call: getTableColumns(calls),
  runningMs: runningMs(now, sql`c.call_id = ${calls.id}`),
  sentBytes: transferredBytes('bytes_sent'),
  receivedBytes: transferredBytes('bytes_received'),
});

export interface CallWithTotals {
  call: typeof calls.$inferSelect;
  runningMs: string;
  sentBytes: string | null;
  receivedBytes: string | null;
}

export function selectCall(
  q: Queries,
  organizationId: string,
  callId: string,
  { viewer, now }: { viewer: string | null; now: Date },
) {
  return q
    .select(callFields(now))
    .from(calls)
    .where(and(eq(calls.organizationId, organizationId), eq(calls.id, callId), isCallShownTo(viewer)));
}

/** The call's id if the viewer sees it: distinguishes an empty list from a call that is not found. */
export function selectVisibleCallId(
  q: Queries,
  organizationId: string,
  callId: string,
  viewer: string | null,
) {
  return q
    .select({ id: calls.id })
    .from(calls)
    .where(and(eq(calls.organizationId, organizationId), eq(calls.id, callId), isCallShownTo(viewer)));
}

/** A page of calls, the newest first. */
export function selectCalls(
  q: Queries,
  organizationId: string,
  { status, roomId, type, from, to, limit }: ListCallsQuery,
  { before, viewer, now }: { before: string | undefined; viewer: string | null; now: Date },
) {
  return q
    .select(callFields(now))
    .from(calls)
    .where(
      and(
        eq(calls.organizationId, organizationId),
        status && eq(calls.status, status),
        roomId === undefined ? undefined : eq(calls.roomId, roomId),
        type && inArray(calls.roomId, q.select({ id: rooms.id }).from(rooms).where(eq(rooms.type, type))),
        from === undefined ? undefined : gte(calls.createdAt, new Date(from)),
        to === undefined ? undefined : lt(calls.createdAt, new Date(to)),
        isBefore(calls.id, before),
        isCallShownTo(viewer),
      ),
    )
    .orderBy(desc(calls.id))
    .limit(limit + 1);
}

function participantPage(organizationId: string, callId: string, after: string | undefined): SQL | undefined {
  return and(
    eq(callParticipants.organizationId, organizationId),
    eq(callParticipants.callId, callId),
    isAfter(callParticipants.id, after),
  );
}

/** A page of participants, in the order they got their seat. */
export function selectParticipants(
  q: Queries,
  organizationId: string,
  callId: string,
  { after, limit, now }: { after: string | undefined; limit: number; now: Date },
) {
  return q
    .select({
      person: getTableColumns(callParticipants),
      runningMs: runningMs(now, sql`c.call_id = ${callId} and c.participant_id = ${callParticipants.id}`),
    })
    .from(callParticipants)
    .where(participantPage(organizationId, callId, after))
    .orderBy(asc(callParticipants.id))
    .limit(limit + 1);
}

/** The connections of the participants on the same page, the earliest first. */
export function selectConnections(
  q: Queries,
  organizationId: string,
  callId: string,
  { after, limit }: { after: string | undefined; limit: number },
) {
  const page = q
    .select({ id: callParticipants.id })
    .from(callParticipants)
    .where(participantPage(organizationId, callId, after))
    .orderBy(asc(callParticipants.id))
    .limit(limit);
  return q
    .select()
    .from(callConnections)
    .where(and(eq(callConnections.callId, callId), inArray(callConnections.participantId, page)))
    .orderBy(asc(callConnections.joinedAt), asc(callConnections.sid));
}

export type TimelineEntryRow = Omit<TimelineEntryView, 'occurredAt' | 'known'> & {
  /** ISO 8601. */
  at: string;
  rank: number;
  fact: Fact;
};

const rankOf = (type: (typeof TIMELINE_ENTRY_TYPES)[number]) =>
  sql.raw(String(TIMELINE_ENTRY_TYPES.indexOf(type)));
const nullColumns = (...names: string[]) => sql.raw(names.map((name) => `null as ${name}`).join(', '));

/** Everything that happened in a call, as rows of one shape. */
const timelineRows = (organizationId: string, callId: string) => {
  const inCall = sql`organization_id = ${organizationId} and call_id = ${callId}`;
  const ofCall = sql`organization_id = ${organizationId} and id = ${callId}`;
  const noColumns = nullColumns('participant', 'connection', 'track', 'kind', 'source');
  return sql`
    select started_at as at, ${rankOf('call.started')} as rank, started as fact, ${noColumns}, null as reason
      from calls where ${ofCall} and started_at is not null
    union all select ended_at, ${rankOf('call.ended')}, ended, ${noColumns}, end_reason
      from calls where ${ofCall} and ended_at is not null
    union all select joined_at, ${rankOf('participant.joined')}, joined, participant_id, sid, ${nullColumns('t', 'k', 's', 'r')}
      from call_connections where ${inCall} and connected
    union all select left_at, case when connected then ${rankOf('participant.left')} else ${rankOf('participant.failed')} end,
        "left", participant_id, sid, ${nullColumns('t', 'k', 's')}, leave_reason
      from call_connections where ${inCall} and left_at is not null
    union all select published_at, ${rankOf('track.published')}, published, participant_id, connection_sid, sid, kind,
        source, null
      from call_tracks where ${inCall}
    union all select unpublished_at, ${rankOf('track.unpublished')}, unpublished, participant_id, connection_sid, sid, kind,
        source, null
      from call_tracks where ${inCall} and unpublished_at is not null`;
};

/** Where a page of the timeline starts: after this entry. */
export interface TimelineCursor {
  at: string;
  rank: number;
  sid: string;
}

/** A page of the timeline, the earliest first. */
export function selectTimelineEntries(
  q: Queries,
  organizationId: string,
  callId: string,
  after: TimelineCursor | undefined,
  limit: number,
) {
  const key = sql`coalesce(e.track, e.connection, '') collate "C"`;
  const start = after
    ? sql`where (e.at, e.rank, ${key}) > (${after.at}::timestamptz, ${after.rank}::int, ${after.sid}::text collate "C")`
    : sql``;
  return q.execute<{ [K in keyof TimelineEntryRow]: TimelineEntryRow[K] }>(sql`
    select to_char(e.at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at, e.rank, e.fact,
      e.participant as "participantId", p.identity, p.name, e.connection as "connectionSid", e.track as "trackSid",
      e.kind, e.source, e.reason
    from (${timelineRows(organizationId, callId)}) e left join call_participants p on p.id = e.participant
    ${start} order by e.at, e.rank, ${key} limit ${limit + 1}`);
}
