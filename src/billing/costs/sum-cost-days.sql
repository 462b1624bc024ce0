-- Computes stale sums of costs again from the lines of their days, at most `most` of them, and returns how many. They
-- are taken in random order, so that one that cannot be computed does not stop the others. A day whose lines are being
-- written is locked by that transaction and left to the next run, so that no line is missed: each statement in here
-- sees everything that was committed before it began.
create or replace function sum_cost_days(most integer) returns integer language plpgsql as $$
declare
  bucket record;
  summed integer := 0;
begin
  for bucket in
    select d.organization_id, d.day, d.meter, d.model from cost_days d where d.stale
    order by random() limit most for update skip locked
  loop
    update cost_days d
    set stale = false, amount_micros = s.amount, known = s.known, unknown = s.unknown
    from cost_day_of_lines(bucket.organization_id, bucket.day, bucket.meter, bucket.model) s
    where d.organization_id = bucket.organization_id and d.day = bucket.day and d.meter = bucket.meter and d.model = bucket.model;
    summed := summed + 1;
  end loop;
  return summed;
end $$;
