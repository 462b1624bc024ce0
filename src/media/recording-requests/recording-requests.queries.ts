import { and, eq, sql } from 'drizzle-orm';
import { calls } from '../../calls/calls/calls.tables.ts';
import type { Queries } from '../../kernel/db/index.ts';
import { links } from '../../rooms/links/links.tables.ts';
import { roomPeople, rooms } from '../../rooms/rooms/rooms.tables.ts';
import { buckets } from '../buckets/buckets.tables.ts';
import { recordings } from '../recordings/recordings.tables.ts';

/** The link that a person came into the room by; none for those who came without one. */
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

/**
 * A call with its room, the oldest bucket of the organization that works, and whether the room's setting has asked for a recording
 * of the call already.
 */
export const selectAutomaticGround = (q: Queries, organizationId: string, callId: string) => {
  const oldestBucket = q
    .select({ id: sql<string>`min(${buckets.id})` })
    .from(buckets)
    .where(and(eq(buckets.organizationId, organizationId), eq(buckets.status, 'working')));
  return q
    .select({
      call: calls,
      room: rooms,
      bucket: buckets,
      wasAsked: sql<boolean>`exists (select from ${recordings} r where r.call_id = ${calls.id} and r.requested_by = ${rooms.id})`,
    })
    .from(calls)
    .innerJoin(rooms, eq(rooms.id, calls.roomId))
    .leftJoin(buckets, eq(buckets.id, oldestBucket))
    .where(and(eq(calls.organizationId, organizationId), eq(calls.id, callId)));
};
