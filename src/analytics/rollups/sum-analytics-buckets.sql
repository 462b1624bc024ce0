-- Sums up days: computes the given buckets (grain and start) of thirds and months, each in the time zone beside it.
-- They must have been deleted, and their days must have buckets.
create or replace function sum_analytics_buckets(grains text[], owners text[], zones text[], starts timestamptz[]) returns void
language plpgsql
set jit = off set plan_cache_mode = force_generic_plan set enable_hashjoin = on set enable_mergejoin = on as $$
begin
  insert into analytics_buckets (
    organization_id, time_zone, grain, starts_at, ends_at, parent_starts_at, parent_ends_at, calls, lost_calls, agent_calls,
    duration_ms, participations, guests, connected_ms, bytes_sent, bytes_received, call_types, by_connection, by_region,
    by_cause, by_device, by_codec, round_trip_histogram, jitter_histogram, loss_histogram, score_histogram, people,
    top_user_ids, top_user_ms, top_user_calls, top_user_missing_ms, top_users_floor,
    top_room_ids, top_room_ms, top_room_calls, top_room_missing_ms, top_rooms_floor)
  with period as materialized (
    select row_number() over () as n, grain, owner as organization_id, zone as time_zone, starts_at,
      analytics_next(grain, starts_at, zone) as ends_at
    from unnest(grains, owners, zones, starts) as asked(grain, owner, zone, starts_at)
  ), day as materialized (
    select p.n, b.* from period p cross join lateral (
      select * from analytics_buckets b where b.organization_id = p.organization_id and b.time_zone = p.time_zone
        and b.grain = 'day' and b.starts_at >= p.starts_at and b.starts_at < p.ends_at
      -- Kept as it is: joined in another order, all buckets of the organization would be read.
      offset 0) b
  ), sums as materialized (
    select n, sum(calls) as calls, sum(lost_calls) as lost_calls, sum(agent_calls) as agent_calls,
      sum(duration_ms) as duration_ms, sum(participations) as participations, sum(guests) as guests,
      sum(connected_ms) as connected_ms, sum(bytes_sent) as bytes_sent, sum(bytes_received) as bytes_received,
      sum(top_users_floor) as users_floor, sum(top_rooms_floor) as rooms_floor
    from day group by n
  ), grouped as materialized (
    select n, dimension, value, jsonb_agg(total order by place) as figures
    from (
      select n, dimension, entry.key as value, figure.place, sum(figure.amount::numeric) as total
      from day cross join lateral (values ('types', call_types), ('connection', by_connection), ('region', by_region),
          ('cause', by_cause), ('device', by_device), ('codec', by_codec)) as groups(dimension, content)
        cross join lateral jsonb_each(content) as entry
        cross join lateral jsonb_array_elements_text(entry.value) with ordinality as figure(amount, place)
      group by n, dimension, entry.key, figure.place
    ) each group by n, dimension, value
  ), groups_of as materialized (
    select n,
      jsonb_object_agg(value, figures) filter (where dimension = 'types') as call_types,
      jsonb_object_agg(value, figures) filter (where dimension = 'connection') as by_connection,
      jsonb_object_agg(value, figures) filter (where dimension = 'region') as by_region,
      jsonb_object_agg(value, figures) filter (where dimension = 'cause') as by_cause,
      jsonb_object_agg(value, figures) filter (where dimension = 'device') as by_device,
      jsonb_object_agg(value, figures) filter (where dimension = 'codec') as by_codec
    from grouped group by n
  ), histogram as materialized (
    select n, measure, split_part(pair, ':', 1)::integer as slot, sum(split_part(pair, ':', 2)::bigint) as tally
    from day cross join lateral (values ('round_trips', round_trip_histogram), ('jitters', jitter_histogram),
        ('losses', loss_histogram), ('scores', score_histogram)) as measured(measure, content)
      cross join lateral string_to_table(content, ',') as pair
    group by n, measure, slot
  ), histograms_of as materialized (
    select n,
      string_agg(slot || ':' || tally, ',' order by slot) filter (where measure = 'round_trips') as round_trips,
      string_agg(slot || ':' || tally, ',' order by slot) filter (where measure = 'jitters') as jitters,
      string_agg(slot || ':' || tally, ',' order by slot) filter (where measure = 'losses') as losses,
      string_agg(slot || ':' || tally, ',' order by slot) filter (where measure = 'scores') as scores
    from histogram group by n
  ), sketched as materialized (
    select n, register, max(rank) as rank from day cross join lateral analytics_sketch_registers(people)
    group by n, register
  ), sketches as materialized (
    select n, analytics_sketch(array_agg(register), array_agg(rank)) as people from sketched group by n
  ), listed as materialized (
    select n, 'user' as list, entry.id, entry.ms, entry.calls, top_users_floor as day_floor
    from day cross join lateral unnest(top_user_ids, top_user_ms, top_user_calls) as entry(id, ms, calls)
    union all
    select n, 'room', entry.id, entry.ms, entry.calls, top_rooms_floor
    from day cross join lateral unnest(top_room_ids, top_room_ms, top_room_calls) as entry(id, ms, calls)
  ), ranked as materialized (
    select n, list, id, ms, calls, missing, row_number() over (partition by n, list order by ms desc, id) as place,
      -- A longer list is not exact in any case, and costs every read.
      case when count(*) over (partition by n, list) > 500 then 200 else 500 end as kept
    from (
      select n, list, id, sum(ms)::bigint as ms, sum(calls)::integer as calls,
        -- The time that days without an entry for it may hide.
        ((select case l.list when 'user' then users_floor else rooms_floor end from sums where sums.n = l.n)
          - sum(day_floor))::bigint as missing
      from listed l group by n, list, id
    ) each
  ), tops as materialized (
    select n,
      array_agg(id order by place) filter (where list = 'user' and place <= kept) as user_ids,
      array_agg(ms order by place) filter (where list = 'user' and place <= kept) as user_ms,
      array_agg(calls order by place) filter (where list = 'user' and place <= kept) as user_calls,
      array_agg(missing order by place) filter (where list = 'user' and place <= kept) as user_missing,
      coalesce(max(ms + missing) filter (where list = 'user' and place > kept), 0) as user_below,
      array_agg(id order by place) filter (where list = 'room' and place <= kept) as room_ids,
      array_agg(ms order by place) filter (where list = 'room' and place <= kept) as room_ms,
      array_agg(calls order by place) filter (where list = 'room' and place <= kept) as room_calls,
      array_agg(missing order by place) filter (where list = 'room' and place <= kept) as room_missing,
      coalesce(max(ms + missing) filter (where list = 'room' and place > kept), 0) as room_below
    from ranked group by n
  )
  select p.organization_id, p.time_zone, p.grain, p.starts_at, p.ends_at, p.starts_at, p.ends_at,
    s.calls, s.lost_calls, s.agent_calls, s.duration_ms, s.participations, s.guests, s.connected_ms, s.bytes_sent,
    s.bytes_received, g.call_types, coalesce(g.by_connection, '{}'), coalesce(g.by_region, '{}'),
    coalesce(g.by_cause, '{}'), coalesce(g.by_device, '{}'), coalesce(g.by_codec, '{}'), coalesce(h.round_trips, ''), coalesce(h.jitters, ''), coalesce(h.losses, ''),
    coalesce(h.scores, ''), coalesce(k.people, 's'),
    coalesce(t.user_ids, '{}'), coalesce(t.user_ms, '{}'), coalesce(t.user_calls, '{}'), coalesce(t.user_missing, '{}'),
    greatest(s.users_floor, coalesce(t.user_below, 0)),
    coalesce(t.room_ids, '{}'), coalesce(t.room_ms, '{}'), coalesce(t.room_calls, '{}'), coalesce(t.room_missing, '{}'),
    greatest(s.rooms_floor, coalesce(t.room_below, 0))
  from period p join sums s using (n) join groups_of g using (n) left join histograms_of h using (n)
    left join sketches k using (n) left join tops t using (n);
end
$$;
