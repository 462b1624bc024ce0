-- Whether participants of an organization were connected for as many minutes of the month as it may use, `allowed`; null for no
-- limit.
create or replace function minutes_used_up(of_organization text, allowed bigint, moment timestamptz)
returns boolean language plpgsql stable as $$
begin
  if allowed is null then
    return false;
  end if;
  return connected_ms(of_organization, moment, allowed * 60000) >= allowed * 60000;
end $$;
