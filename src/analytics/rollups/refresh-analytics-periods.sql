-- Computes hours and days again: those in which the given moments lie, each in the time zone beside it, from the calls and
-- participations as they are now. An hour or a day in which no call started has no row. Figures of groups are arrays in the
-- order of `FIGURES` in figures.rules.ts; histograms count by floor(ln(1 + value) / ln(1.04)).
create or replace function refresh_analytics_periods(owners text[], zones text[], moments timestamptz[]) returns void
language plpgsql set jit = off as $$
begin
  delete from analytics_buckets b using analytics_periods(owners, zones, moments) p
  where b.organization_id = p.organization_id and b.time_zone = p.time_zone and b.grain = p.grain
    and b.starts_at = p.starts_at;

  insert into analytics_buckets (
    organization_id, time_zone, grain, starts_at, ends_at, parent_starts_at, parent_ends_at, calls, lost_calls, agent_calls,
    duration_ms, participations, guests, connected_ms, bytes_sent, bytes_received, call_types, by_connection, by_region,
    by_cause, round_trips, jitters, losses, scores, people, top_users, top_users_floor, top_rooms, top_rooms_floor)
  with period as materialized (
    select row_number() over () as n, p.* from analytics_periods(owners, zones, moments) p
  ), call as materialized (
    -- Subqueries with an offset stay as they are: joined in another order, all calls of the organization would be read.
    select p.n, c.type, c.lost, c.with_agent, c.duration_ms
    from period p cross join lateral (
      select * from analytics_calls c where c.organization_id = p.organization_id
        and c.started_at >= p.starts_at and c.started_at < p.ends_at
        and date_trunc(p.grain, c.started_at, p.time_zone) = p.starts_at
      offset 0) c
  ), person as materialized (
    select p.n, a.participant_id, a.call_id, a.room_id, a.kind, a.user_id, a.connected_ms, a.bytes_sent, a.bytes_received,
      a.connection, coalesce(a.region, 'unknown') as region, a.cause, a.mos, a.round_trip_ms, a.jitter_ms, a.loss_ppm,
      a.bitrate_kbps, a.cause not in ('healthy', 'muted', 'unknown') as impaired
    from period p cross join lateral (
      select * from analytics_participations a where a.organization_id = p.organization_id
        and a.started_at >= p.starts_at and a.started_at < p.ends_at
        and date_trunc(p.grain, a.started_at, p.time_zone) = p.starts_at
      offset 0) a
  ), calls_of as materialized (
    select n, count(*) as calls, count(*) filter (where lost) as lost_calls,
      count(*) filter (where with_agent) as agent_calls, sum(duration_ms) as duration_ms
    from call group by n
  ), types as materialized (
    select n, jsonb_object_agg(type, jsonb_build_array(calls, duration_ms)) as call_types
    from (select n, type, count(*) as calls, sum(duration_ms) as duration_ms from call group by n, type) each
    group by n
  ), people_of as materialized (
    select n, count(*) as participations, count(*) filter (where kind = 'guest') as guests,
      sum(connected_ms) as connected_ms, sum(bytes_sent) as bytes_sent, sum(bytes_received) as bytes_received
    from person group by n
  ), grouped as materialized (
    select n, grouping(connection, region, cause) as dimension, coalesce(connection, region, cause) as value,
      jsonb_build_array(
        count(*), sum(connected_ms), count(*) filter (where impaired), coalesce(sum(mos), 0), count(mos),
        coalesce(sum(round_trip_ms), 0), count(round_trip_ms), coalesce(sum(jitter_ms), 0), count(jitter_ms),
        coalesce(sum(loss_ppm), 0), count(loss_ppm), coalesce(sum(bitrate_kbps), 0), count(bitrate_kbps)) as figures
    from person group by grouping sets ((n, connection), (n, region), (n, cause))
  ), groups_of as materialized (
    select n,
      jsonb_object_agg(value, figures) filter (where dimension = 3) as by_connection,
      jsonb_object_agg(value, figures) filter (where dimension = 5) as by_region,
      jsonb_object_agg(value, figures) filter (where dimension = 6) as by_cause
    from grouped group by n
  ), histogram as materialized (
    select n, measure, slot, count(*) as tally
    from (
      select n, measure, floor(ln(1 + value) / ln(1.04::float8))::integer as slot
      from person cross join lateral (values
        ('round_trips', round_trip_ms::float8), ('jitters', jitter_ms::float8), ('losses', loss_ppm::float8),
        ('scores', mos::float8)) as measured(measure, value)
      where value is not null
    ) each group by n, measure, slot
  ), histograms_of as materialized (
    select n,
      jsonb_object_agg(slot, tally) filter (where measure = 'round_trips') as round_trips,
      jsonb_object_agg(slot, tally) filter (where measure = 'jitters') as jitters,
      jsonb_object_agg(slot, tally) filter (where measure = 'losses') as losses,
      jsonb_object_agg(slot, tally) filter (where measure = 'scores') as scores
    from histogram group by n
  ), sketched as materialized (
    select n, (hash & 2047)::integer as register,
      max(54 - length(ltrim(((hash >> 11)::bit(53))::text, '0'))) as rank
    from (select n, hashtextextended(user_id, 0) as hash from person where user_id is not null group by n, user_id) each
    group by n, register
  ), sketches as materialized (
    select n, analytics_sketch(array_agg(register), array_agg(rank)) as people from sketched group by n
  ), ranked as materialized (
    select n, kind, id, ms, calls, row_number() over (partition by n, kind order by ms desc, id) as place
    from (
      select n, 'user' as kind, user_id as id, sum(connected_ms) as ms, count(distinct call_id) as calls
      from person where user_id is not null group by n, user_id
      union all
      select n, 'room', room_id, sum(connected_ms), count(distinct call_id) from person group by n, room_id
    ) each
  ), tops as materialized (
    select n,
      jsonb_agg(jsonb_build_array(id, ms, calls, 0) order by place) filter (where kind = 'user' and place <= 200) as top_users,
      coalesce(max(ms) filter (where kind = 'user' and place = 201), 0) as top_users_floor,
      jsonb_agg(jsonb_build_array(id, ms, calls, 0) order by place) filter (where kind = 'room' and place <= 200) as top_rooms,
      coalesce(max(ms) filter (where kind = 'room' and place = 201), 0) as top_rooms_floor
    from ranked where place <= 201 group by n
  )
  select p.organization_id, p.time_zone, p.grain, p.starts_at, p.ends_at, p.parent_starts_at, p.parent_ends_at,
    c.calls, c.lost_calls, c.agent_calls, c.duration_ms, coalesce(a.participations, 0), coalesce(a.guests, 0),
    coalesce(a.connected_ms, 0), coalesce(a.bytes_sent, 0), coalesce(a.bytes_received, 0), t.call_types,
    coalesce(g.by_connection, '{}'), coalesce(g.by_region, '{}'), coalesce(g.by_cause, '{}'),
    coalesce(h.round_trips, '{}'), coalesce(h.jitters, '{}'), coalesce(h.losses, '{}'), coalesce(h.scores, '{}'),
    coalesce(s.people, 's'), coalesce(o.top_users, '[]'), coalesce(o.top_users_floor, 0),
    coalesce(o.top_rooms, '[]'), coalesce(o.top_rooms_floor, 0)
  from period p join calls_of c using (n) join types t using (n) left join people_of a using (n)
    left join groups_of g using (n) left join histograms_of h using (n) left join sketches s using (n)
    left join tops o using (n);
end
$$;
