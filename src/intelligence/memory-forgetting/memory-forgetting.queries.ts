import { sql } from 'drizzle-orm';
import type { Queries } from '../../kernel/db/index.ts';
import { files } from '../../media/files/files.tables.ts';
import { recordings } from '../../media/recordings/recordings.tables.ts';
import { chatMessages } from '../../messaging/chat/chat.tables.ts';
import { calls } from '../../calls/calls/calls.tables.ts';
import { transcriptions } from '../transcripts/transcripts.tables.ts';
import { rooms } from '../../rooms/rooms/rooms.tables.ts';
import { memories, memorySources } from '../memory/memory.tables.ts';

type SourceKind = 'message' | 'file' | 'recording' | 'transcript' | 'memory';

/** Forgets memories that only transcripts of these files and recordings supported, if those are gone. */
export const forgetLostTranscripts = (q: Queries, organizationId: string, ids: readonly string[]) =>
  q.execute(sql`select forget_lost_transcripts(${organizationId}, ${sql.param([...ids])}::text[])`);

/** Forgets memories that only these sources supported, if the sources are gone. */
export const forgetLostSources = (
  q: Queries,
  organizationId: string,
  kind: SourceKind,
  ids: readonly string[],
) => q.execute(sql`select forget_lost_sources(${organizationId}, ${kind}, ${sql.param([...ids])}::text[])`);

/** Sources of all organizations that are gone, with or without an event about it. */
export const selectLostSources = (q: Queries, limit: number) =>
  q.execute<{ organizationId: string; kind: SourceKind; ids: string[] }>(sql`
    select lost.organization_id as "organizationId", lost.kind, array_agg(distinct lost.source_id) as ids from (
      select s.organization_id, s.kind, s.source_id from ${memorySources} s
        left join ${chatMessages} m on m.id = s.source_id and m.deleted_at is null
        left join ${rooms} r on r.id = m.room_id and r.deleted_at is null
        where s.kind = 'message' and r.id is null
      union all
      select s.organization_id, s.kind, s.source_id from ${memorySources} s
        left join ${files} f on f.id = s.source_id and f.deleted_at is null
        where s.kind = 'file' and f.id is null
      union all
      select s.organization_id, s.kind, s.source_id from ${memorySources} s
        left join ${recordings} c on c.id = s.source_id and c.state not in ('deleted', 'expired')
        where s.kind = 'recording' and c.id is null
      union all
      select s.organization_id, s.kind, s.source_id from ${memorySources} s
        left join ${transcriptions} t on t.id = s.source_id
        left join ${files} f on f.id = t.file_id and f.deleted_at is null
        left join ${recordings} c on c.id = t.recording_id and c.state not in ('deleted', 'expired')
        left join ${calls} k on k.id = t.call_id
        left join ${rooms} r on r.id = coalesce(c.room_id, k.room_id) and r.deleted_at is null
        where s.kind = 'transcript' and f.id is null and r.id is null
      union all
      select s.organization_id, s.kind, s.source_id from ${memorySources} s
        left join ${memories} p on p.id = s.source_id
        where s.kind = 'memory' and p.id is null
      limit ${limit}) lost
    group by lost.organization_id, lost.kind`);
