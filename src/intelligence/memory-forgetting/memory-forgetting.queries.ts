import { sql } from 'drizzle-orm';
import type { Queries } from '../../kernel/db/index.ts';
import { files } from '../../media/files/files.tables.ts';
import { recordings } from '../../media/recordings/recordings.tables.ts';
import { chatMessages } from '../../messaging/chat/chat.tables.ts';
import { rooms } from '../../rooms/rooms/rooms.tables.ts';
import { memories, memorySources } from '../memory/memory.tables.ts';

/** Forgets what only these sources supported, if they are gone. */
export const forgetLostSources = (
  q: Queries,
  organizationId: string,
  kind: 'message' | 'file' | 'recording' | 'memory',
  ids: readonly string[],
) => q.execute(sql`select forget_lost_sources(${organizationId}, ${kind}, ${sql.param([...ids])}::text[])`);

/** Sources of all organizations that are gone, whether or not an event said so. */
export const selectLostSources = (q: Queries, limit: number) =>
  q.execute<{ organizationId: string; kind: 'message' | 'file' | 'recording' | 'memory'; ids: string[] }>(sql`
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
        left join ${memories} p on p.id = s.source_id
        where s.kind = 'memory' and p.id is null
      limit ${limit}) lost
    group by lost.organization_id, lost.kind`);
