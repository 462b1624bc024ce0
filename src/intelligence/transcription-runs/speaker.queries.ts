import { sql } from 'drizzle-orm';
import type { Queries } from '../../kernel/db/index.ts';
import type { Recording } from '../../media/recordings/index.ts';

/**
 * The identity of the only speaker in a recording of one participant, or of one microphone; none for other recordings,
 * and for an erased user. In the scope of the system, which includes users who have left the organization.
 */
export const selectSpeaker = (q: Queries, { organizationId, callId, kind, subject }: Recording) =>
  q.execute<{ identity: string }>(sql`
    select p.identity from call_participants p
    left join call_tracks t on t.call_id = p.call_id and t.participant_id = p.id and t.sid = ${subject} and t.source = 'microphone'
    where p.organization_id = ${organizationId} and p.call_id = ${callId}
      and case ${kind}::text when 'participant' then p.identity = ${subject} when 'track' then t.sid is not null else false end
      and (p.identity not like 'usr\\_%' or exists (select from users u where u.id = p.user_id and u.erased_at is null))
    limit 1`);
