import { sql } from 'drizzle-orm';
import type { Queries } from '../../kernel/db/index.ts';

/** A recording whose words are read, with the beginning of its picture and its length. */
export interface RecordedPart {
  organizationId: string;
  recordingId: string;
  callId: string;
  startedAt: Date;
  durationMs: number;
}

export interface SpokenRow {
  /** In seconds from the beginning of the recording. */
  atSeconds: number;
  text: string;
  /** Whether nothing was transcribed in this time. */
  isGap: boolean;
  /** Name in the call; null when it is unknown. */
  speaker: string | null;
}

/**
 * What was said during a recording, in order, one more than `limit`: from its own transcript, or from that of its
 * call.
 */
export const selectSpoken = (
  q: Queries,
  { organizationId, recordingId, callId, startedAt, durationMs }: RecordedPart,
  limit: number,
) =>
  q.execute<{ [K in keyof SpokenRow]: SpokenRow[K] }>(sql`
    with chosen as (
      select t.id, t.call_id, case when t.call_id is null then 0
        else extract(epoch from c.started_at - ${startedAt.toISOString()}::timestamptz)::float8 * 1000 end as shift
      from transcriptions t left join calls c on c.id = t.call_id
      where t.organization_id = ${organizationId} and t.state = 'ready'
        and (t.recording_id = ${recordingId} or t.call_id = ${callId})
      order by t.recording_id is null, t.id desc limit 1)
    select greatest(0, (s.start_ms + chosen.shift) / 1000)::float8 as "atSeconds", s.text, s.is_gap as "isGap",
      (select p.name from call_participants p where p.call_id = ${callId} and p.identity = s.speaker limit 1) as speaker
    from chosen join transcript_segments s on s.transcription_id = chosen.id and s.organization_id = ${organizationId}
    where s.end_ms + chosen.shift > 0 and s.start_ms + chosen.shift < ${durationMs}::float8
    order by s.position limit ${limit + 1}`);
