-- Computes months again, those in which the given moments lie, from their days. A month that has no later day after it is
-- not over: it has no bucket, and is read as its days. Its bucket is made when a moment of a later month comes.
create or replace function refresh_analytics_months(owners text[], zones text[], moments timestamptz[]) returns void
language plpgsql set jit = off as $$
begin
  delete from analytics_buckets b using analytics_periods(owners, zones, moments) p
  where p.grain = 'day' and b.organization_id = p.organization_id and b.time_zone = p.time_zone and b.grain = 'month'
    and b.starts_at = p.parent_starts_at;

  insert into analytics_buckets (
    organization_id, time_zone, grain, starts_at, ends_at, parent_starts_at, parent_ends_at, calls, lost_calls, agent_calls,
    duration_ms, participations, guests, connected_ms, bytes_sent, bytes_received, call_types, by_connection, by_region,
    by_cause, round_trips, jitters, losses, scores, people, top_users, top_users_floor, top_rooms, top_rooms_floor)
  with touched as materialized (
    select distinct p.organization_id, p.time_zone, p.parent_starts_at as starts_at, p.parent_ends_at as ends_at
    from analytics_periods(owners, zones, moments) p where p.grain = 'day'
  ), month as materialized (
    select row_number() over () as n, m.* from (
      select t.* from touched t where exists (
        select from analytics_buckets d where d.organization_id = t.organization_id and d.time_zone = t.time_zone
          and d.grain = 'day' and d.starts_at >= t.ends_at)
      union
      select t.organization_id, t.time_zone, last.parent_starts_at, last.parent_ends_at
      from touched t cross join lateral (
        select d.* from analytics_buckets d where d.organization_id = t.organization_id and d.time_zone = t.time_zone
          and d.grain = 'day' and d.starts_at < t.starts_at order by d.starts_at desc limit 1) last
      where not exists (
        select from analytics_buckets b where b.organization_id = t.organization_id and b.time_zone = t.time_zone
          and b.grain = 'month' and b.starts_at = last.parent_starts_at)) m
  ), day as materialized (
    select m.n, b.* from month m cross join lateral (
      select * from analytics_buckets b where b.organization_id = m.organization_id and b.time_zone = m.time_zone
        and b.grain = 'day' and b.starts_at >= m.starts_at and b.starts_at < m.ends_at
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
          ('cause', by_cause)) as groups(dimension, content)
        cross join lateral jsonb_each(content) as entry
        cross join lateral jsonb_array_elements_text(entry.value) with ordinality as figure(amount, place)
      group by n, dimension, entry.key, figure.place
    ) each group by n, dimension, value
  ), groups_of as materialized (
    select n,
      jsonb_object_agg(value, figures) filter (where dimension = 'types') as call_types,
      jsonb_object_agg(value, figures) filter (where dimension = 'connection') as by_connection,
      jsonb_object_agg(value, figures) filter (where dimension = 'region') as by_region,
      jsonb_object_agg(value, figures) filter (where dimension = 'cause') as by_cause
    from grouped group by n
  ), histogram as materialized (
    select n, measure, slot.key as slot, sum(slot.value::bigint) as tally
    from day cross join lateral (values ('round_trips', round_trips), ('jitters', jitters), ('losses', losses),
        ('scores', scores)) as measured(measure, content)
      cross join lateral jsonb_each_text(content) as slot
    group by n, measure, slot.key
  ), histograms_of as materialized (
    select n,
      jsonb_object_agg(slot, tally) filter (where measure = 'round_trips') as round_trips,
      jsonb_object_agg(slot, tally) filter (where measure = 'jitters') as jitters,
      jsonb_object_agg(slot, tally) filter (where measure = 'losses') as losses,
      jsonb_object_agg(slot, tally) filter (where measure = 'scores') as scores
    from histogram group by n
  ), sketched as materialized (
    select n, register, max(rank) as rank from day cross join lateral analytics_sketch_registers(people)
    group by n, register
  ), sketches as materialized (
    select n, analytics_sketch(array_agg(register), array_agg(rank)) as people from sketched group by n
  ), listed as materialized (
    select n, 'user' as kind, entry, top_users_floor as day_floor from day cross join lateral jsonb_array_elements(top_users) entry
    union all
    select n, 'room', entry, top_rooms_floor from day cross join lateral jsonb_array_elements(top_rooms) entry
  ), ranked as materialized (
    select n, kind, id, ms, calls, missing, row_number() over (partition by n, kind order by ms desc, id) as place
    from (
      select n, kind, entry->>0 as id, sum((entry->>1)::bigint) as ms, sum((entry->>2)::bigint) as calls,
        -- What the days that do not list it may hide.
        (select case l.kind when 'user' then users_floor else rooms_floor end from sums where sums.n = l.n)
          - sum(day_floor) as missing
      from listed l group by n, kind, entry->>0
    ) each
  ), tops as materialized (
    select n,
      jsonb_agg(jsonb_build_array(id, ms, calls, missing) order by place)
        filter (where kind = 'user' and place <= 500) as top_users,
      coalesce(max(ms + missing) filter (where kind = 'user' and place > 500), 0) as user_below,
      jsonb_agg(jsonb_build_array(id, ms, calls, missing) order by place)
        filter (where kind = 'room' and place <= 500) as top_rooms,
      coalesce(max(ms + missing) filter (where kind = 'room' and place > 500), 0) as room_below
    from ranked group by n
  )
  select m.organization_id, m.time_zone, 'month', m.starts_at, m.ends_at, m.starts_at, m.ends_at,
    s.calls, s.lost_calls, s.agent_calls, s.duration_ms, s.participations, s.guests, s.connected_ms, s.bytes_sent,
    s.bytes_received, g.call_types, coalesce(g.by_connection, '{}'), coalesce(g.by_region, '{}'),
    coalesce(g.by_cause, '{}'), coalesce(h.round_trips, '{}'), coalesce(h.jitters, '{}'), coalesce(h.losses, '{}'),
    coalesce(h.scores, '{}'), coalesce(k.people, 's'),
    coalesce(t.top_users, '[]'), greatest(s.users_floor, coalesce(t.user_below, 0)),
    coalesce(t.top_rooms, '[]'), greatest(s.rooms_floor, coalesce(t.room_below, 0))
  from month m join sums s using (n) join groups_of g using (n) left join histograms_of h using (n)
    left join sketches k using (n) left join tops t using (n);
end
$$;
