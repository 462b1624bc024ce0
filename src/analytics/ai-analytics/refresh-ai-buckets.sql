-- Computes the buckets of marked quarters again from their generations, those of the days they lie in from their quarters, and unmarks them: the
-- earliest marks first. A quarter that is marked meanwhile waits for this transaction, and so is computed once more. Answers how many there were.
create or replace function refresh_ai_buckets(most integer) returns integer
language plpgsql set jit = off as $$
declare
  owners text[];
  quarters timestamptz[];
  day_owners text[];
  days timestamptz[];
begin
  select array_agg(d.organization_id), array_agg(d.quarter) into owners, quarters
  from (
    select d.organization_id, d.quarter from analytics_ai_dirty d order by d.since limit most for update skip locked
  ) d;
  if owners is null then
    return 0;
  end if;
  delete from analytics_ai_buckets b using unnest(owners, quarters) as q(owner, quarter)
  where b.organization_id = q.owner and b.grain = 'quarter' and b.starts_at = q.quarter;
  insert into analytics_ai_buckets (
    organization_id, grain, starts_at, model, feature, requests, completed, failed, cancelled, input_tokens, output_tokens,
    cache_read_tokens, cache_write_tokens, first_output_histogram, first_output_ms, first_output_count, duration_histogram,
    duration_ms, duration_count)
  with generation as materialized (
    select q.owner, q.quarter, g.model, g.origin ->> 'feature' as feature, g.status, g.input_tokens, g.output_tokens,
      g.cache_read_tokens, g.cache_write_tokens + g.cache_write_hour_tokens as cache_write_tokens,
      case when g.status = 'completed' then g.first_output_ms end as first_ms,
      case when g.status = 'completed' then g.duration_ms end as total_ms
    from unnest(owners, quarters) as q(owner, quarter) cross join lateral (
      select * from ai_generations a where a.organization_id = q.owner and a.created_at >= q.quarter
        and a.created_at < q.quarter + interval '15 minutes' and a.ended_at is not null
      offset 0) g
  ), histogram as materialized (
    select owner, quarter, model, feature,
      string_agg(slot || ':' || tally, ',' order by slot) filter (where measure = 'first') as firsts,
      string_agg(slot || ':' || tally, ',' order by slot) filter (where measure = 'total') as totals
    from (
      select owner, quarter, model, feature, measure, floor(ln(1 + value) / ln(1.04::float8))::integer as slot, count(*) as tally
      from generation cross join lateral (values ('first', first_ms::float8), ('total', total_ms::float8)) as measured(measure, value)
      where value is not null group by 1, 2, 3, 4, 5, 6
    ) each group by 1, 2, 3, 4
  )
  select owner, 'quarter', quarter, model, feature, count(*), count(*) filter (where status = 'completed'),
    count(*) filter (where status = 'failed'), count(*) filter (where status = 'cancelled'), sum(input_tokens), sum(output_tokens),
    sum(cache_read_tokens), sum(cache_write_tokens), coalesce(max(h.firsts), ''), coalesce(sum(first_ms), 0), count(first_ms),
    coalesce(max(h.totals), ''), coalesce(sum(total_ms), 0), count(total_ms)
  from generation g left join histogram h using (owner, quarter, model, feature)
  group by owner, quarter, model, feature;
  select array_agg(d.owner), array_agg(d.day) into day_owners, days
  from (
    select distinct q.owner, date_trunc('day', q.quarter, 'UTC') as day from unnest(owners, quarters) as q(owner, quarter)
  ) d;
  -- Two runs may compute quarters of one day: the second one waits for the first, and then sees its quarters.
  perform pg_advisory_xact_lock(hashtextextended('analytics_ai_buckets', 0));
  delete from analytics_ai_buckets b using unnest(day_owners, days) as d(owner, day)
  where b.organization_id = d.owner and b.grain = 'day' and b.starts_at = d.day;
  insert into analytics_ai_buckets (
    organization_id, grain, starts_at, model, feature, requests, completed, failed, cancelled, input_tokens, output_tokens,
    cache_read_tokens, cache_write_tokens, first_output_histogram, first_output_ms, first_output_count, duration_histogram,
    duration_ms, duration_count)
  with part as materialized (
    select d.day, b.* from unnest(day_owners, days) as d(owner, day) cross join lateral (
      select * from analytics_ai_buckets x where x.organization_id = d.owner and x.grain = 'quarter'
        and x.starts_at >= d.day and x.starts_at < d.day + interval '1 day'
      offset 0) b
  ), histogram as materialized (
    select organization_id, day, model, feature,
      string_agg(slot || ':' || tally, ',' order by slot) filter (where measure = 'first') as firsts,
      string_agg(slot || ':' || tally, ',' order by slot) filter (where measure = 'total') as totals
    from (
      select organization_id, day, model, feature, measure, split_part(pair, ':', 1)::integer as slot,
        sum(split_part(pair, ':', 2)::bigint) as tally
      from part cross join lateral (values ('first', first_output_histogram), ('total', duration_histogram)) as measured(measure, content)
        cross join lateral string_to_table(content, ',') as pair
      where pair <> '' group by 1, 2, 3, 4, 5, 6
    ) each group by 1, 2, 3, 4
  )
  select p.organization_id, 'day', p.day, p.model, p.feature, sum(requests), sum(completed), sum(failed), sum(cancelled), sum(input_tokens),
    sum(output_tokens), sum(cache_read_tokens), sum(cache_write_tokens), coalesce(max(h.firsts), ''), sum(first_output_ms),
    sum(first_output_count), coalesce(max(h.totals), ''), sum(duration_ms), sum(duration_count)
  from part p left join histogram h using (organization_id, day, model, feature)
  group by p.organization_id, p.day, p.model, p.feature;
  delete from analytics_ai_dirty d using unnest(owners, quarters) as q(owner, quarter)
  where d.organization_id = q.owner and d.quarter = q.quarter;
  return cardinality(owners);
end
$$;
