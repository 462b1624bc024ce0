import { and, eq, gte, inArray, isNull, lt, sql } from 'drizzle-orm';
import { UNCOUNTED_ROLES } from '../../calls/calls/index.ts';
import { callConnections, callParticipants, calls } from '../../calls/calls/calls.tables.ts';
import type { Queries } from '../../kernel/db/index.ts';
import { transcriptions } from '../../intelligence/transcripts/transcripts.tables.ts';
import { recordingOpenings } from '../../media/recording-downloads/recording-downloads.tables.ts';
import { recordings } from '../../media/recordings/recordings.tables.ts';
import { streams } from '../../media/streams/streams.tables.ts';
import { rooms } from '../../rooms/rooms/rooms.tables.ts';
import { analyticsParticipations } from '../rollups/rollups.tables.ts';

const MAX_IDS = 20;

/** Rooms that are older than `since` and since then had no call to which anybody connected. */
export const selectUnusedRooms = (q: Queries, organizationId: string, since: Date) =>
  q
    .select({
      count: sql<number>`count(*)::integer`,
      ids: sql<
        string[]
      >`coalesce(to_jsonb((array_agg(${rooms.id} order by ${rooms.id}))[1:${MAX_IDS}::integer]), '[]')`,
    })
    .from(rooms)
    .where(
      and(
        eq(rooms.organizationId, organizationId),
        isNull(rooms.deletedAt),
        isNull(rooms.parentRoomId),
        eq(rooms.direct, false),
        lt(rooms.createdAt, since),
        sql`not exists (select from ${calls} where ${calls.roomId} = ${rooms.id}
          and coalesce(${calls.endedAt}, ${since.toISOString()}::timestamptz) >= ${since.toISOString()}::timestamptz
          and ${calls.startedAt} is not null)`,
      ),
    );

/** Recordings in the storage of the product that are not held and that nobody opened since a moment. */
export const selectUnusedRecordings = (q: Queries, organizationId: string, since: Date) =>
  q
    .select({
      count: sql<number>`count(*)::integer`,
      bytes: sql<number>`coalesce(sum(${recordings.storedBytes}), 0)::float8`,
      ids: sql<
        string[]
      >`coalesce(to_jsonb((array_agg(${recordings.id} order by ${recordings.id}))[1:${MAX_IDS}::integer]), '[]')`,
    })
    .from(recordings)
    .leftJoin(recordingOpenings, eq(recordingOpenings.recordingId, recordings.id))
    .where(
      and(
        eq(recordings.organizationId, organizationId),
        eq(recordings.storage, 'product'),
        inArray(recordings.state, ['ready', 'compressing']),
        sql`coalesce(${recordingOpenings.openedAt}, ${recordings.createdAt}) < ${since.toISOString()}::timestamptz`,
      ),
    );

/**
 * Transcriptions, since a moment, of a file or recording that the same model had transcribed before in the same
 * language. Deleted transcriptions and copies of a file are not found.
 */
export function selectDuplicateTranscriptions(q: Queries, organizationId: string, since: Date) {
  const each = q
    .select({
      id: transcriptions.id,
      ms: transcriptions.transcribedMs,
      createdAt: transcriptions.createdAt,
      place: sql<number>`row_number() over (
        partition by ${transcriptions.fileId}, ${transcriptions.recordingId}, ${transcriptions.model}, ${transcriptions.language}
        order by ${transcriptions.createdAt}, ${transcriptions.id})`.as('place'),
    })
    .from(transcriptions)
    .where(
      and(
        eq(transcriptions.organizationId, organizationId),
        eq(transcriptions.state, 'ready'),
        isNull(transcriptions.callId),
      ),
    )
    .as('each');
  return q
    .select({
      count: sql<number>`count(*)::integer`,
      ms: sql<number>`coalesce(sum(${each.ms}), 0)::float8`,
      ids: sql<
        string[]
      >`coalesce(to_jsonb((array_agg(${each.id} order by ${each.id}))[1:${MAX_IDS}::integer]), '[]')`,
    })
    .from(each)
    .where(sql`${each.place} > 1 and ${each.createdAt} >= ${since.toISOString()}::timestamptz`);
}

/**
 * Calls since a moment in which one person was alone for at least `leastMs`, and their total time: the longest
 * connected time of a call minus those of all others, which is a lower bound.
 */
export const selectTimeAlone = (
  q: Queries,
  organizationId: string,
  { since, leastMs }: { since: Date; leastMs: number },
) => {
  const { connectedMs } = analyticsParticipations;
  const each = q
    .select({ ms: sql<string>`2 * max(${connectedMs}) - sum(${connectedMs})`.as('ms') })
    .from(analyticsParticipations)
    .where(
      and(
        eq(analyticsParticipations.organizationId, organizationId),
        sql`${analyticsParticipations.startedAt} >= ${since.toISOString()}::timestamptz`,
      ),
    )
    .groupBy(analyticsParticipations.callId)
    .as('each');
  return q
    .select({ calls: sql<number>`count(*)::integer`, ms: sql<string>`coalesce(sum(${each.ms}), 0)::text` })
    .from(each)
    .where(sql`${each.ms} >= ${leastMs}::bigint`);
};

/**
 * Recordings or streams of calls since a moment. One that was lost or failed has no end: it ran until it was last
 * listed.
 */
const spansOf = (
  q: Queries,
  table: typeof recordings | typeof streams,
  { organizationId, since, now }: { organizationId: string; since: Date; now: Date },
) =>
  q
    .select({
      callId: sql<string>`${table.callId}`.as('call_id'),
      span: sql`tstzrange(${table.startedAt}, greatest(coalesce(${table.endedAt}, case when ${table.state} in ('requested', 'starting', 'active', 'finalizing') then ${now.toISOString()}::timestamptz else coalesce(${table.listedAt}, ${table.stateAt}) end), ${table.startedAt}))`.as(
        'span',
      ),
    })
    .from(table)
    .where(and(eq(table.organizationId, organizationId), gte(table.startedAt, since)));

/**
 * Recordings and streams that ran for a minute or longer while only observers and agents were connected, and their
 * total time.
 */
export const selectEmptyEgress = (
  q: Queries,
  organizationId: string,
  { since, now }: { since: Date; now: Date },
) => {
  const request = { organizationId, since, now };
  const egress = spansOf(q, recordings, request)
    .unionAll(spansOf(q, streams, request))
    .as('egress');
  const present = sql`(select range_agg(tstzrange(c.joined_at, greatest(coalesce(c.left_at, ${now.toISOString()}::timestamptz), c.joined_at)))
    from ${callConnections} c join ${callParticipants} p on p.id = c.participant_id
    where c.call_id = egress.call_id and c.connected and p.role not in ${UNCOUNTED_ROLES})`;
  const empty = q
    .select({
      ms: sql<string>`(select coalesce(sum(extract(epoch from upper(part) - lower(part)) * 1000), 0)
        from unnest(tstzmultirange(egress.span) - coalesce(${present}, '{}'::tstzmultirange)) part)`.as('ms'),
    })
    .from(egress)
    .as('empty');
  return q
    .select({
      count: sql<number>`count(*)::integer`,
      ms: sql<string>`coalesce(sum(${empty.ms}), 0)::bigint::text`,
    })
    .from(empty)
    .where(sql`${empty.ms} >= 60000`);
};
