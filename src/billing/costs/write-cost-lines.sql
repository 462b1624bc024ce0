-- Prices records of usage of an organization by the current prices, and returns the number of records with new lines. A
-- record without lines gets its first one. A record with another price than the current one gets two: one takes its
-- former cost back, the other adds the new cost. All others stay as they are, so running it twice changes nothing.
-- Usage of the organization's own meters has no lines, and neither has a quantity of zero. The days of the lines are
-- marked, so that their sums are computed again; for models, so are the quarters of an hour. Prices are stored under
-- the same lock, exclusively: no committed price is missed. A second lock, of the organization, lets only one
-- transaction at a time append lines to its records.
create or replace function write_cost_lines(owner text, usage_ids text[], moment timestamptz) returns integer
language plpgsql as $$
declare
  written integer;
begin
  perform pg_advisory_xact_lock_shared(hashtextextended('price_versions', 0));
  perform pg_advisory_xact_lock(hashtextextended('cost_lines ' || owner, 0));
  with due as (
    select u.id, u.meter, u.occurred_at, u.dimensions ->> 'call' as call_id,
      coalesce(u.dimensions ->> 'model', '') as model, u.quantity,
      p.id as price, price_micros(u.quantity, p.nanos, p.unit_quantity) as amount,
      l.entry, l.price_version_id as former_price, l.amount_micros as former_amount, l.unknown as former_unknown
    from usage_events u
    left join price_versions p on p.id = price_for(u.meter, u.dimensions, u.occurred_at)
    left join lateral (
      select c.* from cost_lines c where c.organization_id = owner and c.usage_id = u.id order by c.entry desc limit 1) l
      on true
    where u.organization_id = owner and u.id = any(usage_ids) and u.source is null and u.quantity <> 0
      and (l.entry is null or l.price_version_id is distinct from p.id)
  ), appended as (
    insert into cost_lines (organization_id, usage_id, entry, meter, occurred_at, call_id, quantity, price_version_id,
      amount_micros, unknown, recorded_at)
    select owner, d.id, d.entry + 1, d.meter, d.occurred_at, d.call_id, -d.quantity, d.former_price, -d.former_amount,
      -d.former_unknown, moment
    from due d where d.entry is not null
    union all
    select owner, d.id, coalesce(d.entry + 2, 1), d.meter, d.occurred_at, d.call_id, d.quantity, d.price, d.amount,
      case when d.price is null then 1 else 0 end, moment
    from due d
    returning usage_id
  ), marked as (
    -- A day that is stale already is not written again, but it is locked: `sum_cost_days` leaves it until the commit.
    insert into cost_days (organization_id, day, meter, model, amount_micros, known, unknown, stale)
    select owner, w.day, w.meter, w.model, 0, 0, 0, true
    from (select distinct date_trunc('day', d.occurred_at, 'UTC') as day, d.meter, d.model from due d) w
    on conflict (organization_id, day, meter, model) do update set stale = true where not cost_days.stale
  ), changed as (
    -- Written even if it exists, so that this waits while it is being taken.
    insert into cost_changes (organization_id, quarter, since)
    select owner, w.quarter, moment
    from (select distinct date_bin('15 minutes', d.occurred_at, timestamptz '1970-01-01Z') as quarter from due d where d.model <> '') w
    order by w.quarter
    on conflict on constraint cost_changes_organization_id_quarter_pk do update set since = least(cost_changes.since, excluded.since)
  )
  select count(distinct usage_id) into written from appended;
  return written;
end $$;
