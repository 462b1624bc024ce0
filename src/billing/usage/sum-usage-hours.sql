-- Computes stale sums of usage again from the rows of their hours, at most `most` of them, and returns which meters of
-- which organizations have changed. They are taken in random order, so that one that cannot be computed does not stop
-- the others. An hour whose rows are being written is locked by that transaction and left to the next run, so that no
-- row is missed: each statement in here sees everything that was committed before it began.
create or replace function sum_usage_hours(most integer)
returns table (of_organization text, of_meter text) language plpgsql as $$
declare
  bucket record;
begin
  for bucket in
    select h.organization_id, h.meter, h.hour from usage_hours h where h.stale
    order by random() limit most for update skip locked
  loop
    update usage_hours h
    set stale = false, quantity = (
      select coalesce(sum(e.quantity), 0) from usage_events e
      where e.organization_id = bucket.organization_id and e.meter = bucket.meter
        and e.occurred_at >= bucket.hour and e.occurred_at < bucket.hour + interval '1 hour')
    where h.organization_id = bucket.organization_id and h.meter = bucket.meter and h.hour = bucket.hour;
    of_organization := bucket.organization_id;
    of_meter := bucket.meter;
    return next;
  end loop;
end $$;
