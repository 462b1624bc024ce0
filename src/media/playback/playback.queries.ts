import { and, asc, eq, ne, type SQL, sql } from 'drizzle-orm';
import { callParticipants } from '../../calls/calls/calls.tables.ts';
import type { Queries, Statement } from '../../kernel/db/index.ts';
import { rooms } from '../../rooms/rooms/rooms.tables.ts';
import { recordings } from '../recordings/recordings.tables.ts';
import { type RecordingTopics, recordingTopics } from './playback.tables.ts';

/** In a call of hundreds, the people who came first. */
const MAX_PEOPLE = 200;
const MAX_STRETCHES = 100;

interface StoredStretch {
  from: string;
  to: string | null;
}

const startOfRecording = sql`coalesce(${recordings.startedAt}, ${recordings.createdAt})`;
const endOfRecording = sql`${startOfRecording} + coalesce(${recordings.durationMs}, 0) * interval '1 millisecond'`;

/** Condition: something lasted while the recording ran. */
const overlaps = (begun: SQL, ended: SQL): SQL =>
  sql`${begun} < ${endOfRecording} and (${ended} is null or ${ended} > ${startOfRecording})`;

const connections = sql`call_connections c where c.call_id = ${callParticipants.callId}
  and c.participant_id = ${callParticipants.id} and c.connected and ${overlaps(sql`c.joined_at`, sql`c.left_at`)}`;
const sharedScreens = sql`call_tracks t where t.call_id = ${callParticipants.callId}
  and t.participant_id = ${callParticipants.id} and t.source = 'screen_share'
  and ${overlaps(sql`t.published_at`, sql`t.unpublished_at`)}`;

const stretches = (rows: SQL): SQL<StoredStretch[]> => sql`(
  select coalesce(jsonb_agg(jsonb_build_object('from', s.begun, 'to', s.ended) order by s.begun), '[]'::jsonb)
  from (${rows} order by begun limit ${MAX_STRETCHES}) s)`;

/**
 * The people who were connected to the call while it was recorded, without recorders and other observers, with their
 * connections and shared screens of that time.
 */
export const selectRecordedPeople = (q: Queries, organizationId: string, recordingId: string) =>
  q
    .select({
      participantId: callParticipants.id,
      name: callParticipants.name,
      present: stretches(sql`select c.joined_at as begun, c.left_at as ended from ${connections}`),
      sharing: stretches(
        sql`select t.published_at as begun, t.unpublished_at as ended from ${sharedScreens}`,
      ),
    })
    .from(callParticipants)
    .innerJoin(recordings, eq(recordings.callId, callParticipants.callId))
    .where(
      and(
        eq(recordings.organizationId, organizationId),
        eq(recordings.id, recordingId),
        ne(callParticipants.role, 'observer'),
        sql`exists (select from ${connections})`,
      ),
    )
    .orderBy(asc(callParticipants.joinedAt), asc(callParticipants.id))
    .limit(MAX_PEOPLE);

export const selectTopics = (q: Queries, organizationId: string, recordingId: string) =>
  q
    .select({ topics: recordingTopics.topics })
    .from(recordingTopics)
    .where(
      and(eq(recordingTopics.organizationId, organizationId), eq(recordingTopics.recordingId, recordingId)),
    );

/** Stores the topics of a recording, instead of the former ones. */
export const replaceTopics = (q: Queries, row: RecordingTopics): Statement => {
  const { transcriptionId, topics } = row;
  return q
    .insert(recordingTopics)
    .values(row)
    .onConflictDoUpdate({ target: recordingTopics.recordingId, set: { transcriptionId, topics } });
};

export const selectRoomName = (q: Queries, organizationId: string, roomId: string) =>
  q
    .select({ name: rooms.name })
    .from(rooms)
    .where(and(eq(rooms.organizationId, organizationId), eq(rooms.id, roomId)));
