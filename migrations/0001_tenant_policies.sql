-- Two roles, neither a login nor able to pass row security. The login takes one of them on for each transaction.
do $$
begin
  if not exists (select from pg_roles where rolname = 'auralink_app') then
    create role auralink_app nologin nobypassrls;
  end if;
  if not exists (select from pg_roles where rolname = 'auralink_system') then
    create role auralink_system nologin nobypassrls;
  end if;
  execute format('grant auralink_app, auralink_system to %I', current_user);
end $$;
--> statement-breakpoint
grant usage on schema public to auralink_app, auralink_system;
--> statement-breakpoint
-- Fails the whole transaction with an error code of the catalogue when the condition does not hold.
create function guard(condition boolean, code text) returns void language plpgsql as $$
begin
  if condition is not true then
    raise exception using errcode = 'AL001', message = code;
  end if;
end $$;
--> statement-breakpoint
create function current_organization() returns text language sql stable as
$$ select nullif(current_setting('app.organization_id', true), '') $$;
--> statement-breakpoint
create function current_actor() returns text language sql stable as
$$ select nullif(current_setting('app.user_id', true), '') $$;
--> statement-breakpoint
-- Row security on and forced; the system role may see all rows of the tables it is granted.
create function wall(target regclass) returns void language plpgsql as $$
begin
  execute format('alter table %s enable row level security', target);
  execute format('alter table %s force row level security', target);
  execute format('create policy system on %s to auralink_system using (true) with check (true)', target);
end $$;
--> statement-breakpoint
-- The wall of a table whose rows belong to the organization named in `column_name`.
create function tenant_wall(target regclass, column_name text default 'organization_id') returns void language plpgsql as $$
begin
  perform wall(target);
  execute format(
    'create policy tenant on %s to auralink_app using (%I = (select current_organization())) with check (%I = (select current_organization()))',
    target, column_name, column_name);
end $$;
--> statement-breakpoint
select tenant_wall('api_keys'), tenant_wall('invitations'), tenant_wall('members'), tenant_wall('operations'),
  tenant_wall('outbox'), tenant_wall('audit_logs'), tenant_wall('audit_chains'), tenant_wall('audit_checkpoints'),
  tenant_wall('organizations', 'id'), wall('users'), wall('credentials'), wall('sessions'), wall('refresh_tokens'),
  wall('verifications'), wall('idempotency_records');
--> statement-breakpoint
-- A person sees their own memberships and organizations whatever organization the token is for.
create policy own on members for select to auralink_app using (user_id = (select current_actor()));
--> statement-breakpoint
create policy joined on organizations for select to auralink_app using (
  exists (select from members where members.organization_id = organizations.id and members.user_id = (select current_actor())));
--> statement-breakpoint
create policy colleagues on users for select to auralink_app using (
  id = (select current_actor()) or exists (
    select from members where members.user_id = users.id and members.organization_id = (select current_organization())));
--> statement-breakpoint
create policy self on users for update to auralink_app using (id = (select current_actor())) with check (id = (select current_actor()));
--> statement-breakpoint
create policy own on idempotency_records to auralink_app
  using (scope = (select current_actor())) with check (scope = (select current_actor()));
--> statement-breakpoint
grant select, insert, update, delete on api_keys, invitations, members, operations, idempotency_records
  to auralink_app, auralink_system;
--> statement-breakpoint
grant select, insert, update on organizations to auralink_app, auralink_system;
--> statement-breakpoint
grant select, update on users to auralink_app;
--> statement-breakpoint
grant select, insert, update, delete on users, credentials, sessions, refresh_tokens, verifications to auralink_system;
--> statement-breakpoint
grant select, insert on outbox to auralink_app;
--> statement-breakpoint
grant select, insert, update, delete on outbox to auralink_system;
--> statement-breakpoint
-- The audit log is append-only: nobody deletes, the app only adds, the system seals and erases personal fields.
grant select, insert on audit_logs to auralink_app, auralink_system;
--> statement-breakpoint
grant update (seq, previous_hash, hash, ip, user_agent, before, after, salts, erased_at) on audit_logs to auralink_system;
--> statement-breakpoint
grant select on audit_chains, audit_checkpoints to auralink_app;
--> statement-breakpoint
grant select, insert, update on audit_chains to auralink_system;
--> statement-breakpoint
grant select, insert on audit_checkpoints to auralink_system;
--> statement-breakpoint
create function audit_logs_keep_seal() returns trigger language plpgsql as $$
begin
  if old.seq is not null and (new.seq, new.previous_hash, new.hash) is distinct from (old.seq, old.previous_hash, old.hash) then
    raise exception 'a sealed audit entry keeps its place in the chain';
  end if;
  return new;
end $$;
--> statement-breakpoint
create trigger audit_logs_keep_seal before update on audit_logs for each row execute function audit_logs_keep_seal();
