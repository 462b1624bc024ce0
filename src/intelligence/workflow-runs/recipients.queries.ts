import { and, asc, eq, isNotNull, isNull, sql } from 'drizzle-orm';
import { callParticipants, calls } from '../../calls/calls/calls.tables.ts';
import { members } from '../../identity/members/members.tables.ts';
import { users } from '../../identity/users/users.tables.ts';
import type { Queries } from '../../kernel/db/index.ts';
import { recordings } from '../../media/recordings/recordings.tables.ts';
import { isShownTo } from '../../rooms/access/index.ts';
import { currentPersonColumns } from '../../rooms/rooms/index.ts';
import { roomPeople, rooms } from '../../rooms/rooms/rooms.tables.ts';
import { transcriptions, transcriptSegments } from '../transcripts/transcripts.tables.ts';
import type { WorkflowRun } from './workflow-runs.tables.ts';

const MOST_RECIPIENTS = 100;

/**
 * When the first words of a transcript were said, and the middle between those and the last ones: its times count from the
 * start of the call, or of its recording.
 */
const wordsOf = (transcriptionId: string | null) => sql`(
  select w.start_at + min(s.start_ms) * interval '1 millisecond' as first_at,
    w.start_at + (min(s.start_ms) + max(s.end_ms)) / 2 * interval '1 millisecond' as middle_at
  from ${transcriptSegments} s join ${transcriptions} on ${transcriptions.id} = s.transcription_id
    left join ${recordings} on ${recordings.id} = ${transcriptions.recordingId}
    cross join lateral (select coalesce(${recordings.startedAt}, ${calls.startedAt}, ${calls.createdAt}) as start_at) w
  where s.transcription_id = ${transcriptionId} and not s.is_gap
  group by w.start_at)`;

/** The attendees of a run, the earliest first; at most 100. */
export const selectAttendees = (
  q: Queries,
  organizationId: string,
  { callId, transcriptionId }: Pick<WorkflowRun, 'callId' | 'transcriptionId'>,
) =>
  q
    .select({
      userId: users.id,
      name: users.name,
      email: users.email,
      room: { createdBy: rooms.createdBy, defaultRoles: rooms.defaultRoles },
      person: currentPersonColumns(),
      memberRole: members.role,
      isShown: sql<boolean>`${isShownTo(users.id)}`,
      wasThere: sql<boolean>`coalesce((
        select ${callParticipants.joinedAt} <= said.first_at
          and (${callParticipants.leftAt} is null or ${callParticipants.leftAt} > said.middle_at)
        from ${wordsOf(transcriptionId)} said), false)`,
    })
    .from(callParticipants)
    .innerJoin(calls, eq(calls.id, callParticipants.callId))
    .innerJoin(rooms, eq(rooms.id, calls.roomId))
    .innerJoin(users, eq(users.id, callParticipants.userId))
    .innerJoin(members, and(eq(members.userId, users.id), eq(members.organizationId, organizationId)))
    .leftJoin(roomPeople, and(eq(roomPeople.roomId, rooms.id), eq(roomPeople.identity, users.id)))
    .where(
      and(
        eq(callParticipants.organizationId, organizationId),
        eq(callParticipants.callId, callId),
        isNotNull(callParticipants.joinedAt),
        isNull(rooms.deletedAt),
        eq(members.status, 'active'),
        eq(users.emailVerified, true),
      ),
    )
    .orderBy(asc(callParticipants.joinedAt), asc(callParticipants.id))
    .limit(MOST_RECIPIENTS);
