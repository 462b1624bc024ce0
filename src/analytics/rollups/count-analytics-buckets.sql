-- Computes the buckets of a grain in which the given moments lie, each in the time zone beside it, from the calls and
-- participations as they are now; they must have been deleted. A period in which no call started has no bucket. Figures of groups are arrays in the order of
-- `FIGURES` in figures.rules.ts; histograms count by floor(ln(1 + value) / ln(1.04)).
create or replace function count_analytics_buckets(wanted text, owners text[], zones text[], moments timestamptz[]) returns void
language plpgsql
set jit = off set plan_cache_mode = force_generic_plan set enable_hashjoin = on set enable_mergejoin = on as $$
begin
  insert into analytics_buckets (
    organization_id, time_zone, grain, starts_at, ends_at, parent_starts_at, parent_ends_at, calls, lost_calls, agent_calls,
    duration_ms, participations, guests, connected_ms, bytes_sent, bytes_received, call_types, by_connection, by_region,
    by_cause, by_device, by_codec, round_trip_histogram, jitter_histogram, loss_histogram, score_histogram, people,
    top_user_ids, top_user_ms, top_user_calls, top_users_floor, top_room_ids, top_room_ms, top_room_calls, top_rooms_floor)
  with period as materialized (
    select row_number() over () as n, owner as organization_id, zone as time_zone, starts_at,
      analytics_next(wanted, starts_at, zone) as ends_at
    from (select distinct owner, zone, analytics_floor(wanted, moment, zone) as starts_at
      from unnest(owners, zones, moments) as asked(owner, zone, moment)) p
  ), call as materialized (
    -- Subqueries with an offset stay as they are: joined in another order, all calls of the organization would be read.
    select p.n, c.type, c.lost, c.with_agent, c.duration_ms
    from period p cross join lateral (
      select * from analytics_calls c where c.organization_id = p.organization_id
        and c.started_at >= p.starts_at and c.started_at < p.ends_at
        and date_trunc(wanted, c.started_at, p.time_zone) = p.starts_at
      offset 0) c
  ), person as materialized (
    select p.n, a.participant_id, a.call_id, a.room_id, a.kind, a.user_id, a.connected_ms, a.bytes_sent, a.bytes_received,
      a.connection, coalesce(a.region, 'unknown') as region, a.cause, a.device, a.codec, a.mos, a.round_trip_ms, a.jitter_ms, a.loss_ppm,
      a.bitrate_kbps, a.cause not in ('healthy', 'muted', 'unknown') as impaired
    from period p cross join lateral (
      select * from analytics_participations a where a.organization_id = p.organization_id
        and a.started_at >= p.starts_at and a.started_at < p.ends_at
        and date_trunc(wanted, a.started_at, p.time_zone) = p.starts_at
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
    select n, grouping(connection, region, cause, device, codec) as dimension,
      coalesce(connection, region, cause, device, codec) as value,
      jsonb_build_array(
        count(*), sum(connected_ms), count(*) filter (where impaired), coalesce(sum(mos), 0), count(mos),
        coalesce(sum(round_trip_ms), 0), count(round_trip_ms), coalesce(sum(jitter_ms), 0), count(jitter_ms),
        coalesce(sum(loss_ppm), 0), count(loss_ppm), coalesce(sum(bitrate_kbps), 0), count(bitrate_kbps)) as figures
    from person group by grouping sets ((n, connection), (n, region), (n, cause), (n, device), (n, codec))
  ), groups_of as materialized (
    select n,
      jsonb_object_agg(value, figures) filter (where dimension = 15) as by_connection,
      jsonb_object_agg(value, figures) filter (where dimension = 23) as by_region,
      jsonb_object_agg(value, figures) filter (where dimension = 27) as by_cause,
      jsonb_object_agg(value, figures) filter (where dimension = 29) as by_device,
      jsonb_object_agg(value, figures) filter (where dimension = 30) as by_codec
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
      string_agg(slot || ':' || tally, ',' order by slot) filter (where measure = 'round_trips') as round_trips,
      string_agg(slot || ':' || tally, ',' order by slot) filter (where measure = 'jitters') as jitters,
      string_agg(slot || ':' || tally, ',' order by slot) filter (where measure = 'losses') as losses,
      string_agg(slot || ':' || tally, ',' order by slot) filter (where measure = 'scores') as scores
    from histogram group by n
  ), sketched as materialized (
    select n, (hash & 2047)::integer as register,
      max(54 - length(ltrim(((hash >> 11)::bit(53))::text, '0'))) as rank
    from (select n, hashtextextended(user_id, 0) as hash from person where user_id is not null group by n, user_id) each
    group by n, register
  ), sketches as materialized (
    -- A short sketch equals the result of analytics_sketch, at a fifth of its cost.
    select n, case when count(*) <= 480
        then 's' || string_agg(lpad(to_hex(register), 3, '0') || chr(48 + rank), '' order by register)
        else analytics_sketch(array_agg(register), array_agg(rank)) end as people
    from sketched group by n
  ), ranked as materialized (
    -- An hour with more than 200 cannot be part of a day with fewer: its list is short, because today is read as its hours.
    select n, list, id, ms, calls, row_number() over (partition by n, list order by ms desc, id) as place,
      case when wanted = 'hour' and count(*) over (partition by n, list) > 200 then 50 else 200 end as kept
    from (
      select n, 'user' as list, user_id as id, sum(connected_ms) as ms, count(distinct call_id) as calls
      from person where user_id is not null group by n, user_id
      union all
      select n, 'room', room_id, sum(connected_ms), count(distinct call_id) from person group by n, room_id
    ) each
  ), tops as materialized (
    select n,
      array_agg(id order by place) filter (where list = 'user' and place <= kept) as user_ids,
      array_agg(ms order by place) filter (where list = 'user' and place <= kept) as user_ms,
      array_agg(calls order by place) filter (where list = 'user' and place <= kept) as user_calls,
      max(ms) filter (where list = 'user' and place = kept + 1) as users_floor,
      array_agg(id order by place) filter (where list = 'room' and place <= kept) as room_ids,
      array_agg(ms order by place) filter (where list = 'room' and place <= kept) as room_ms,
      array_agg(calls order by place) filter (where list = 'room' and place <= kept) as room_calls,
      max(ms) filter (where list = 'room' and place = kept + 1) as rooms_floor
    from ranked where place <= kept + 1 group by n
  )
  select p.organization_id, p.time_zone, wanted, p.starts_at, p.ends_at, p.starts_at, p.ends_at,
    c.calls, c.lost_calls, c.agent_calls, c.duration_ms, coalesce(a.participations, 0), coalesce(a.guests, 0),
    coalesce(a.connected_ms, 0), coalesce(a.bytes_sent, 0), coalesce(a.bytes_received, 0), t.call_types,
    coalesce(g.by_connection, '{}'), coalesce(g.by_region, '{}'), coalesce(g.by_cause, '{}'),
    coalesce(g.by_device, '{}'), coalesce(g.by_codec, '{}'),
    coalesce(h.round_trips, ''), coalesce(h.jitters, ''), coalesce(h.losses, ''), coalesce(h.scores, ''),
    coalesce(s.people, 's'),
    coalesce(o.user_ids, '{}'), coalesce(o.user_ms, '{}'), coalesce(o.user_calls, '{}'), coalesce(o.users_floor, 0),
    coalesce(o.room_ids, '{}'), coalesce(o.room_ms, '{}'), coalesce(o.room_calls, '{}'), coalesce(o.rooms_floor, 0)
  from period p join calls_of c using (n) join types t using (n) left join people_of a using (n)
    left join groups_of g using (n) left join histograms_of h using (n) left join sketches s using (n)
    left join tops o using (n);
end
$$;
