-- Connected time of an organization, up to the moment, that is not in usage yet, in milliseconds. It includes
-- connections that began in a period and are open, or whose call has changed times that wait to be recorded (also as
-- dead letters). Time that was recorded before is subtracted, so it is the difference that recording will make; it is
-- negative when a correction shortened connections. Other connections of the period, and their usage, are not read.
create or replace function unrecorded_ms(of_organization text, starts_at timestamptz, ends_at timestamptz, moment timestamptz)
returns bigint language plpgsql stable set plan_cache_mode = force_generic_plan as $$
begin
  return (
    with waiting as materialized (
      select o.payload ->> 'callId' as call_id from outbox o
      where o.lane = of_organization and o.status = 'pending' and o.organization_id = of_organization
        and o.type = 'call.connection_times_changed'
      union
      select o.payload ->> 'callId' from deliveries d join outbox o on o.id = d.event_id
      where d.partition = of_organization and d.subscriber = 'usage.participant_minutes'
        and d.status in ('pending', 'published', 'running')
      union
      select o.payload ->> 'callId' from deliveries d join outbox o on o.id = d.event_id
      where d.status = 'dead' and d.organization_id = of_organization and d.subscriber = 'usage.participant_minutes'
    ), unrecorded as (
      select c.call_id, c.sid, c.joined_at, c.left_at, c.connected from call_connections c
      where c.organization_id = of_organization and c.left_at is null
      union
      select c.call_id, c.sid, c.joined_at, c.left_at, c.connected
      from waiting w join call_connections c on c.call_id = w.call_id
      where c.organization_id = of_organization
    )
    select coalesce(sum(
      case when u.connected and u.joined_at >= starts_at and u.joined_at < least(ends_at, moment)
        then (extract(epoch from least(coalesce(u.left_at, moment), moment) - u.joined_at) * 1000)::bigint else 0 end
      - (select coalesce(sum(e.quantity), 0) from usage_events e
         where e.organization_id = of_organization and e.meter = 'participant_minutes'
           and e.key = u.call_id || '/' || u.sid and e.occurred_at >= starts_at and e.occurred_at < ends_at)), 0)::bigint
    from unrecorded u);
end $$;
