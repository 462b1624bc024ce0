import { sql } from 'drizzle-orm';
import type { Queries } from '../../kernel/db/index.ts';
import type { Transcription } from '../transcripts/index.ts';

/** The people of the call that a transcription, or its recording, is of, by their names in it. */
export const selectSpeakers = (q: Queries, { organizationId, callId, recordingId }: Transcription) =>
  q.execute<{ identity: string; name: string }>(sql`
    select p.identity, p.name from call_participants p
    where p.organization_id = ${organizationId}
      and p.call_id = coalesce(${callId}::text, (select r.call_id from recordings r where r.id = ${recordingId}::text))`);
