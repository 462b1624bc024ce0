-- Whether `hold_phone_minutes` refuses another telephone call at the moment: then those that run end, too.
create or replace function phone_minutes_used_up(of_organization text, terms jsonb, moment timestamptz)
returns boolean language plpgsql as $$
begin
  perform hold_phone_minutes('', of_organization, terms, moment);
  return false;
exception when sqlstate 'AL001' then
  return true;
end $$;
