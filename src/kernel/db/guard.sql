-- Fails the whole transaction with an error code of the catalogue when the condition does not hold.
create or replace function guard(condition boolean, code text) returns void language plpgsql as $$
begin
  if condition is not true then
    raise exception using errcode = 'AL001', message = code;
  end if;
end $$;
