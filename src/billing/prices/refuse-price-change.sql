-- The trigger that keeps prices as they were stored: it refuses every change, and the deletion of a price that a cost
-- line refers to.
create or replace function refuse_price_change() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' then
    raise exception 'a price is never changed: store another one from some moment on' using errcode = '23001';
  end if;
  perform guard(not exists (select from cost_lines l where l.price_version_id = old.id), 'prices.in_use');
  return old;
end $$;
