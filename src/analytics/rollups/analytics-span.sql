-- Start of the first and end of the last full period of a grain in a range, before the one of the organization's last
-- call. The end may be before the start: then there is none. It is written in this language because a session then
-- keeps its plan.
create or replace function analytics_span(
  grain text, from_at timestamptz, to_at timestamptz, last_call timestamptz, zone text
) returns timestamptz[] language plpgsql stable as $$
declare
  first timestamptz := analytics_floor(grain, from_at, zone);
begin
  if first < from_at then
    first := analytics_next(grain, first, zone);
  end if;
  return array[first, analytics_floor(grain, least(to_at, last_call), zone)];
end
$$;
