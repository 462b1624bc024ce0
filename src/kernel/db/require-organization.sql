-- The second line of functions that run as the system, past the tenant policy: fails unless the scope is of this organization, or of none,
-- as that of a sweep is.
create or replace function require_organization(of_organization text) returns void language plpgsql stable as $$
begin
  perform guard(of_organization = coalesce(current_organization(), of_organization), 'auth.forbidden');
end $$;
