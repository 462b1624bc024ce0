import { and, asc, eq, isNotNull, ne, type SQL, sql } from 'drizzle-orm';
import { callParticipants } from '../../calls/calls/calls.tables.ts';
import type { Queries } from '../../kernel/db/index.ts';
import { rooms } from '../../rooms/rooms/rooms.tables.ts';
import { recordings } from '../recordings/recordings.tables.ts';

/** Of a call of hundreds, those who came first. */
const MAX_PEOPLE = 200;

interface StoredStretch {
  from: string;
  to: string | null;
}

const stretches = (rows: SQL): SQL<StoredStretch[]> => sql`(
  select coalesce(jsonb_agg(jsonb_build_object('from', s.begun, 'to', s.ended) order by s.begun), '[]'::jsonb) from (${rows}) s)`;

/** Those who connected to the call of a recording, without recorders and other observers, with their connections and shared screens. */
export const selectRecordedPeople = (q: Queries, organizationId: string, recordingId: string) =>
  q
    .select({
      participantId: callParticipants.id,
      name: callParticipants.name,
      present: stretches(sql`select c.joined_at as begun, c.left_at as ended from call_connections c
        where c.call_id = ${callParticipants.callId} and c.participant_id = ${callParticipants.id} and c.connected
        order by c.joined_at limit 100`),
      sharing: stretches(sql`select t.published_at as begun, t.unpublished_at as ended from call_tracks t
        where t.call_id = ${callParticipants.callId} and t.participant_id = ${callParticipants.id}
          and t.source = 'screen_share' order by t.published_at limit 100`),
    })
    .from(callParticipants)
    .innerJoin(recordings, eq(recordings.callId, callParticipants.callId))
    .where(
      and(
        eq(recordings.organizationId, organizationId),
        eq(recordings.id, recordingId),
        isNotNull(callParticipants.joinedAt),
        ne(callParticipants.role, 'observer'),
      ),
    )
    .orderBy(asc(callParticipants.joinedAt), asc(callParticipants.id))
    .limit(MAX_PEOPLE);

export const selectRoomName = (q: Queries, organizationId: string, roomId: string) =>
  q
    .select({ name: rooms.name })
    .from(rooms)
    .where(and(eq(rooms.organizationId, organizationId), eq(rooms.id, roomId)));
