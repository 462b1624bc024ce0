import { and, desc, eq, inArray, isNull, sql } from 'drizzle-orm';
import { calls } from '../../calls/calls/calls.tables.ts';
import { entitledToFeature, holdFeature } from '../../identity/entitlements/index.ts';
import { organizations } from '../../identity/organizations/organizations.tables.ts';
import {
  changeVersioned,
  inTurn,
  isBefore,
  mustHold,
  type Queries,
  type Statement,
} from '../../kernel/db/index.ts';
import { rooms } from '../../rooms/rooms/rooms.tables.ts';
import { buckets } from '../buckets/buckets.tables.ts';
import type { Bucket } from '../buckets/index.ts';
import type { EgressGround } from '../egress/index.ts';
import { streamErrors } from './streams.errors.ts';
import { OPEN_STATES, type StreamChange } from './streams.rules.ts';
import { type Stream, streams } from './streams.tables.ts';

const MOST_RUNNING = 20;

/** Inserts a stream, if the plan of the organization has live streams, and fewer than 20 of its streams run. */
export const insertStream = (q: Queries, row: Stream): Statement[] => [
  q.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`streams:${row.organizationId}`}, 0))`),
  q.insert(streams).values(row),
  holdFeature(q, { organizationId: row.organizationId, now: row.createdAt, feature: 'live_streams' }),
  mustHold(
    q,
    sql`(select count(*) from ${streams} where ${streams.organizationId} = ${row.organizationId}
      and ${streams.state} in ('requested', 'starting', 'active')) <= ${MOST_RUNNING}`,
    streamErrors.tooMany,
  ),
];

const isInRoom = (organizationId: string, roomId: string) =>
  and(eq(streams.organizationId, organizationId), eq(streams.roomId, roomId));

export const selectStream = (q: Queries, organizationId: string, roomId: string, streamId: string) =>
  q
    .select()
    .from(streams)
    .where(and(isInRoom(organizationId, roomId), eq(streams.id, streamId)));

/** The streams of a room, newest first. */
export const selectStreams = (
  q: Queries,
  organizationId: string,
  roomId: string,
  { before, limit }: { before: string | undefined; limit: number },
) =>
  q
    .select()
    .from(streams)
    .where(and(isInRoom(organizationId, roomId), isBefore(streams.id, before)))
    .orderBy(desc(streams.id))
    .limit(limit + 1);

/** What decides the next step of a stream. */
export interface StreamToAdvance extends EgressGround {
  stream: Stream;
  bucket: Bucket | null;
}

export const selectStreamToAdvance = (q: Queries, organizationId: string, streamId: string, now: Date) =>
  q
    .select({
      stream: streams,
      bucket: buckets,
      callStatus: calls.status,
      isRoomDeleted: sql<boolean>`${rooms.deletedAt} is not null`,
      isOrganizationDeleted: sql<boolean>`${organizations.deletedAt} is not null`,
      isSwitchedOn: sql<boolean>`coalesce((${rooms.features} ->> 'recording')::boolean, true) and ${rooms.recordingConsent} <> 'required'`,
      isIncluded: sql<boolean>`${entitledToFeature('live_streams', { organizationId, now })} = 1`,
    })
    .from(streams)
    .innerJoin(calls, eq(calls.id, streams.callId))
    .innerJoin(rooms, eq(rooms.id, streams.roomId))
    .innerJoin(organizations, eq(organizations.id, streams.organizationId))
    .leftJoin(buckets, eq(buckets.id, streams.bucketId))
    .where(and(eq(streams.organizationId, organizationId), eq(streams.id, streamId)));

const isOpen = inArray(streams.state, [...OPEN_STATES]);

/** Streams that are not over, in no order: each gets its turn, even among many that cannot continue. */
export const selectStreamsToSweep = (q: Queries, now: Date, limit: number) =>
  q
    .select({ id: streams.id, organizationId: streams.organizationId })
    .from(streams)
    .where(isOpen)
    .orderBy(inTurn(streams.id, now))
    .limit(limit);

/** The streams with these ids, of any organization: how far they are, and by which recorder. */
export const selectStreamEgresses = (q: Queries, ids: readonly string[]) =>
  q
    .select({ id: streams.id, state: streams.state, egress: streams.egress })
    .from(streams)
    .where(inArray(streams.id, [...ids]));

/** The streams of a call that are not over. */
export const selectOpenStreams = (q: Queries, callId: string) =>
  q
    .select({ id: streams.id, organizationId: streams.organizationId })
    .from(streams)
    .where(and(eq(streams.callId, callId), isOpen));

/** Changes the row if it still has the version that was read; otherwise the commit fails with `request.stale`. */
export const changeStream = (q: Queries, row: Stream, set: StreamChange) =>
  changeVersioned(q, streams, row, set);

/** Asks a stream to stop, whatever changes it at the same moment. */
export const stopOpen = (q: Queries, { organizationId, id }: Stream, at: Date) =>
  q
    .update(streams)
    .set({
      stopRequestedAt: at,
      stopReason: 'requested',
      updatedAt: at,
      version: sql`${streams.version} + 1`,
    })
    .where(
      and(
        eq(streams.organizationId, organizationId),
        eq(streams.id, id),
        isNull(streams.stopRequestedAt),
        isOpen,
      ),
    );
