-- Computes the given buckets (grain and start) of hours, days, thirds and months (UTC) again: hours from their
-- quarters, days from their hours, thirds and months from their days.
create or replace function sum_ai_buckets(grains text[], owners text[], starts timestamptz[]) returns void
language plpgsql
set jit = off set plan_cache_mode = force_generic_plan as $$
begin
  delete from analytics_ai_buckets b using unnest(grains, owners, starts) as p(wanted, owner, start)
  where b.organization_id = p.owner and b.grain = p.wanted and b.starts_at = p.start;
  insert into analytics_ai_buckets (
    organization_id, grain, starts_at, provider, model, feature, requests, completed, failed, cancelled, input_tokens, output_tokens,
    cache_read_tokens, cache_write_tokens, first_output_histogram, first_output_ms, first_output_count, duration_histogram,
    duration_ms, duration_count, amount_micros, known, unknown)
  with period as materialized (
    select wanted, owner, start, analytics_next(wanted, start, 'UTC') as ends_at,
      case wanted when 'hour' then 'quarter' when 'day' then 'hour' else 'day' end as smaller
    from unnest(grains, owners, starts) as asked(wanted, owner, start)
  ), part as materialized (
    select p.wanted, p.start, b.* from period p cross join lateral (
      select * from analytics_ai_buckets x where x.organization_id = p.owner and x.grain = p.smaller
        and x.starts_at >= p.start and x.starts_at < p.ends_at
      -- Kept as it is: joined in another order, all buckets of the organization would be read.
      offset 0) b
  ), histogram as materialized (
    select organization_id, wanted, start, provider, model, feature,
      string_agg(slot || ':' || tally, ',' order by slot) filter (where measure = 'first') as firsts,
      string_agg(slot || ':' || tally, ',' order by slot) filter (where measure = 'total') as totals
    from (
      select organization_id, wanted, start, provider, model, feature, measure, split_part(pair, ':', 1)::integer as slot,
        sum(split_part(pair, ':', 2)::bigint) as tally
      from part cross join lateral (values ('first', first_output_histogram), ('total', duration_histogram)) as measured(measure, content)
        cross join lateral string_to_table(content, ',') as pair
      where pair <> '' group by 1, 2, 3, 4, 5, 6, 7, 8
    ) each group by 1, 2, 3, 4, 5, 6
  )
  select organization_id, wanted, start, provider, model, feature, sum(requests), sum(completed), sum(failed), sum(cancelled),
    sum(input_tokens), sum(output_tokens), sum(cache_read_tokens), sum(cache_write_tokens), coalesce(max(h.firsts), ''),
    sum(first_output_ms), sum(first_output_count), coalesce(max(h.totals), ''), sum(duration_ms), sum(duration_count),
    sum(amount_micros), sum(known), sum(unknown)
  from part left join histogram h using (organization_id, wanted, start, provider, model, feature)
  group by organization_id, wanted, start, provider, model, feature;
end
$$;
