import { sql } from 'drizzle-orm';
import type { Queries } from '../../kernel/db/index.ts';

/** The most recent generations of an organization that are read, so that the cost is the same for all. */
const MAX_LOOKED_AT = 1_000;
/** The most of them that count for one model. */
const MAX_OF_MODEL = 50;

/** The time until models began to answer, in the newest answers of an organization since a moment. */
export const selectSpeeds = (q: Queries, organizationId: string, since: Date) =>
  q.execute<{ model: string; measurements: number; median_ms: number }>(sql`
    select model, count(*)::int as measurements,
      (percentile_cont(0.5) within group (order by first_output_ms))::int as median_ms
    from (
      select model, first_output_ms, row_number() over (partition by model order by id desc) as nth
      from (
        select id, model, status, first_output_ms, created_at, reused, hedge from ai_generations
        where organization_id = ${organizationId} order by id desc limit ${MAX_LOOKED_AT}
      ) newest
      where status = 'completed' and first_output_ms is not null and reused is null and hedge is null
        and created_at >= ${since.toISOString()}::timestamptz
    ) answered
    where nth <= ${MAX_OF_MODEL} group by model`);
