import { sql } from 'drizzle-orm';
import type { Queries } from '../../kernel/db/index.ts';
import type { Period } from '../usage/index.ts';

export type CountedRow = Record<'meter' | 'quantity' | 'amount' | 'known' | 'unknown', string> &
  Record<'model' | 'region', string | null>;

/**
 * The usage of a provider that was counted in a period, for all organizations. Usage that names no provider is included
 * if the bill has its meter. In `known`, a line that takes an amount back (an even entry) is subtracted.
 */
export const selectCounted = (
  q: Queries,
  { from, to, provider, meters }: Period & { provider: string; meters: readonly string[] },
  most: number,
) =>
  q.execute<CountedRow>(sql`
    select l.meter, u.dimensions ->> 'model' as model, u.dimensions ->> 'region' as region,
      sum(l.quantity)::text as quantity, coalesce(sum(l.amount_micros), 0)::text as amount,
      sum(case when l.amount_micros is null then 0 when l.entry % 2 = 0 then -1 else 1 end)::text as known,
      sum(l.unknown)::text as unknown
    from cost_lines l join usage_events u on u.organization_id = l.organization_id and u.id = l.usage_id
    where l.occurred_at >= ${from.toISOString()}::timestamptz and l.occurred_at < ${to.toISOString()}::timestamptz
      and (u.dimensions ->> 'provider' = ${provider}
        or (u.dimensions ->> 'provider' is null
          and l.meter in (select jsonb_array_elements_text(${JSON.stringify(meters)}::jsonb))))
    group by 1, 2, 3 order by 1, 2 nulls first, 3 nulls first limit ${most}`);
