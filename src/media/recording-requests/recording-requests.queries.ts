import { and, asc, eq, inArray, isNull, sql } from 'drizzle-orm';
import { callParticipants, calls, callTracks, isOpenCall } from '../../calls/calls/calls.tables.ts';
import { holdLimit } from '../../identity/entitlements/index.ts';
import { organizations } from '../../identity/organizations/organizations.tables.ts';
import { type Queries, type Statement } from '../../kernel/db/index.ts';
import { links } from '../../rooms/links/links.tables.ts';
import { roomPeople, rooms } from '../../rooms/rooms/rooms.tables.ts';
import { buckets } from '../buckets/buckets.tables.ts';
import { type Recording, RUNNING_STATES } from '../recordings/index.ts';
import { recordings } from '../recordings/recordings.tables.ts';

/** The link with which a person came into the room; none for people who came without one. */
export const selectLinkOf = (q: Queries, organizationId: string, roomId: string, identity: string) =>
  q
    .select({ enableRecording: links.enableRecording })
    .from(roomPeople)
    .innerJoin(links, eq(links.id, roomPeople.linkId))
    .where(
      and(
        eq(roomPeople.organizationId, organizationId),
        eq(roomPeople.roomId, roomId),
        eq(roomPeople.identity, identity),
      ),
    );

/** The buckets of an organization, which are few, the oldest first, each with its settings; these alone without a bucket. */
export const selectStorage = (q: Queries, organizationId: string) =>
  q
    .select({ bucket: buckets, settings: organizations.settings })
    .from(organizations)
    .leftJoin(buckets, eq(buckets.organizationId, organizations.id))
    .where(eq(organizations.id, organizationId))
    .orderBy(asc(buckets.id));

/**
 * A call with its room, the settings of the organization, and whether a setting has requested a recording of the call
 * already.
 */
export const selectAutomaticGround = (q: Queries, organizationId: string, callId: string) =>
  q
    .select({
      call: calls,
      room: rooms,
      settings: organizations.settings,
      wasAsked: sql<boolean>`exists (select from ${recordings} r where r.call_id = ${calls.id} and r.requested_by = ${rooms.id})`,
    })
    .from(calls)
    .innerJoin(rooms, eq(rooms.id, calls.roomId))
    .innerJoin(organizations, eq(organizations.id, calls.organizationId))
    .where(and(eq(calls.organizationId, organizationId), eq(calls.id, callId)));

/** Fails a commit that asks for one recording more than may run at a time on the plan: the recorders of a cluster are for all. */
export const holdRunning = (q: Queries, { organizationId, createdAt }: Recording): Statement[] =>
  holdLimit(q, {
    limit: 'running_recordings',
    rows: sql`select from ${recordings} where ${recordings.organizationId} = ${organizationId}
      and ${inArray(recordings.state, [...RUNNING_STATES])}`,
    organizationId,
    now: createdAt,
  });

/** The connected participant or published track of a room's open call that is to be recorded; no row if it is missing. */
export const selectSubject = (
  q: Queries,
  organizationId: string,
  roomId: string,
  { kind, subject }: Pick<Recording, 'kind' | 'subject'>,
) => {
  const isInOpenCall = and(eq(calls.organizationId, organizationId), eq(calls.roomId, roomId), isOpenCall);
  const isThere =
    kind === 'track'
      ? and(eq(callTracks.sid, subject), isNull(callTracks.unpublishedAt))
      : and(eq(callParticipants.identity, subject), eq(callParticipants.status, 'connected'));
  return q
    .select({ callId: calls.id })
    .from(calls)
    .innerJoin(callParticipants, eq(callParticipants.callId, calls.id))
    .leftJoin(callTracks, eq(callTracks.participantId, callParticipants.id))
    .where(and(isInOpenCall, isThere))
    .limit(1);
};
