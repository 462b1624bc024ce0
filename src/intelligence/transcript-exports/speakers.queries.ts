import { sql } from 'drizzle-orm';
import type { Queries } from '../../kernel/db/index.ts';
import type { Transcription } from '../transcripts/index.ts';

/** The people in the call of a transcription, or of its recording, by their names there. */
export const selectSpeakers = (q: Queries, { organizationId, callId, recordingId }: Transcription) =>
  q.execute<{ identity: string; name: string }>(sql`
    select p.identity, p.name from call_participants p
    where p.organization_id = ${organizationId}
      and p.call_id = coalesce(${callId}::text, (select r.call_id from recordings r where r.id = ${recordingId}::text))`);
