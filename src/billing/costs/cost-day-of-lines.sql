-- The sums of the cost lines of an organization, a day (UTC), a meter and a model: the known amount, the number of
-- lines with one, and the number without, except those taken back.
create or replace function cost_day_of_lines(owner text, of_day timestamptz, of_meter text, of_model text)
returns table (amount bigint, known bigint, unknown bigint) language sql stable as $$
  select coalesce(sum(l.amount_micros), 0)::bigint,
    coalesce(sum(case when l.amount_micros is null then 0 when l.entry % 2 = 0 then -1 else 1 end), 0)::bigint,
    coalesce(sum(l.unknown), 0)::bigint
  from cost_lines l join usage_events u on u.organization_id = l.organization_id and u.id = l.usage_id
  where l.organization_id = owner and l.occurred_at >= of_day and l.occurred_at < of_day + interval '1 day'
    and l.meter = of_meter and coalesce(u.dimensions ->> 'model', '') = of_model
$$;
