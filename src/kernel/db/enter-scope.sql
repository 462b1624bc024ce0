-- Begins a batch: proves the actor's credential as it is now, then sets, local to the transaction, the role, the organization
-- and the actor for row-level security, and the statement timeout in milliseconds.
-- `prove_credential` belongs to the module that knows credentials; null stands for an actor without one.
create or replace function enter_scope(
  role_name text, organization text, actor text, timeout_ms text, credential jsonb
) returns void language plpgsql as $$
begin
  if credential is not null then
    perform set_config('role', 'auralink_system', true);
    perform prove_credential(credential);
  end if;
  perform set_config('role', role_name, true),
    set_config('app.organization_id', organization, true),
    set_config('app.user_id', actor, true),
    set_config('statement_timeout', timeout_ms, true);
end $$;
