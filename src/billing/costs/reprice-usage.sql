-- Prices usage of a price's meter again, from the start of the price and also beyond its end, because the price ends
-- the one before it. It takes the next `most` records after a position, in the order of organization, time and id.
-- Returns the number of records, the number of those with new lines, and the position of the last one; no position when
-- none is left.
create or replace function reprice_usage(
  price text, after_owner text, after_time timestamptz, after_id text, most integer, moment timestamptz
) returns table (examined integer, repriced integer, last_owner text, last_time timestamptz, last_id text)
language plpgsql as $$
declare
  batch record;
  applied price_versions;
begin
  examined := 0;
  repriced := 0;
  select v.* into applied from price_versions v where v.id = price;
  for batch in
    with page as (
      select u.organization_id, u.occurred_at, u.id from usage_events u
      where u.meter = applied.meter and u.occurred_at >= applied.effective_from
        and (after_owner is null or (u.organization_id, u.occurred_at, u.id) > (after_owner, after_time, after_id))
      order by u.organization_id, u.occurred_at, u.id limit most
    )
    select p.organization_id as owner, array_agg(p.id order by p.occurred_at, p.id) as ids, max(p.occurred_at) as latest
    from page p group by p.organization_id order by p.organization_id
  loop
    examined := examined + cardinality(batch.ids);
    repriced := repriced + write_cost_lines(batch.owner, batch.ids, moment);
    last_owner := batch.owner;
    last_time := batch.latest;
    last_id := batch.ids[cardinality(batch.ids)];
  end loop;
  if examined < most then
    last_owner := null;
    last_time := null;
    last_id := null;
  end if;
  return next;
end $$;
