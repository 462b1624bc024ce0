-- Computes the buckets of quarters again: from the generations requested in them, and the cost lines of usage in them.
create or replace function count_ai_quarters(owners text[], quarters timestamptz[], meters text[]) returns void
language plpgsql set jit = off as $$
begin
  delete from analytics_ai_buckets b using unnest(owners, quarters) as q(owner, quarter)
  where b.organization_id = q.owner and b.grain = 'quarter' and b.starts_at = q.quarter;
  insert into analytics_ai_buckets (
    organization_id, grain, starts_at, provider, model, feature, requests, completed, failed, cancelled, input_tokens, output_tokens,
    cache_read_tokens, cache_write_tokens, first_output_histogram, first_output_ms, first_output_count, duration_histogram,
    duration_ms, duration_count, amount_micros, known, unknown)
  with generation as materialized (
    select q.owner, q.quarter, g.provider, g.model, g.origin ->> 'feature' as feature, g.status, g.input_tokens, g.output_tokens,
      g.cache_read_tokens, g.cache_write_tokens + g.cache_write_hour_tokens as cache_write_tokens,
      case when g.status = 'completed' then g.first_output_ms end as first_ms,
      case when g.status = 'completed' then g.duration_ms end as total_ms
    from unnest(owners, quarters) as q(owner, quarter) cross join lateral (
      select * from ai_generations a where a.organization_id = q.owner and a.created_at >= q.quarter
        and a.created_at < q.quarter + interval '15 minutes' and a.ended_at is not null
      -- Kept as it is: joined in another order, all rows of the organization would be read.
      offset 0) g
  ), histogram as materialized (
    select owner, quarter, provider, model, feature,
      string_agg(slot || ':' || tally, ',' order by slot) filter (where measure = 'first') as firsts,
      string_agg(slot || ':' || tally, ',' order by slot) filter (where measure = 'total') as totals
    from (
      select owner, quarter, provider, model, feature, measure, floor(ln(1 + value) / ln(1.04::float8))::integer as slot,
        count(*) as tally
      from generation cross join lateral (values ('first', first_ms::float8), ('total', total_ms::float8)) as measured(measure, value)
      where value is not null group by 1, 2, 3, 4, 5, 6, 7
    ) each group by 1, 2, 3, 4, 5
  ), counted as materialized (
    select owner, quarter, provider, model, feature, count(*) as requests, count(*) filter (where status = 'completed') as completed,
      count(*) filter (where status = 'failed') as failed, count(*) filter (where status = 'cancelled') as cancelled,
      sum(input_tokens) as input_tokens, sum(output_tokens) as output_tokens, sum(cache_read_tokens) as cache_read_tokens,
      sum(cache_write_tokens) as cache_write_tokens, sum(first_ms) as first_ms, count(first_ms) as firsts_count,
      sum(total_ms) as total_ms, count(total_ms) as totals_count
    from generation group by 1, 2, 3, 4, 5
  ), charged as materialized (
    select q.owner, q.quarter, coalesce(u.dimensions ->> 'provider', 'unknown') as provider,
      coalesce(u.dimensions ->> 'model', 'unknown') as model, coalesce(u.dimensions ->> 'feature', 'api') as feature,
      coalesce(sum(l.amount_micros), 0) as amount,
      -- A line that takes an amount back (an even entry) counts against it.
      sum(case when l.amount_micros is null then 0 when l.entry % 2 = 0 then -1 else 1 end) as known, sum(l.unknown) as unknown
    from unnest(owners, quarters) as q(owner, quarter) cross join lateral (
      select * from cost_lines c where c.organization_id = q.owner and c.occurred_at >= q.quarter
        and c.occurred_at < q.quarter + interval '15 minutes' and c.meter = any(meters)
      offset 0) l
    cross join lateral (
      select e.dimensions from usage_events e where e.organization_id = l.organization_id and e.id = l.usage_id offset 0) u
    group by 1, 2, 3, 4, 5
  )
  select owner, 'quarter', quarter, provider, model, feature, coalesce(c.requests, 0), coalesce(c.completed, 0), coalesce(c.failed, 0),
    coalesce(c.cancelled, 0), coalesce(c.input_tokens, 0), coalesce(c.output_tokens, 0), coalesce(c.cache_read_tokens, 0),
    coalesce(c.cache_write_tokens, 0), coalesce(h.firsts, ''), coalesce(c.first_ms, 0), coalesce(c.firsts_count, 0),
    coalesce(h.totals, ''), coalesce(c.total_ms, 0), coalesce(c.totals_count, 0), coalesce(p.amount, 0), coalesce(p.known, 0),
    coalesce(p.unknown, 0)
  from counted c full join charged p using (owner, quarter, provider, model, feature)
    left join histogram h using (owner, quarter, provider, model, feature);
end
$$;
