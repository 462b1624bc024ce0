-- Within its walls, too, the app has no more rights than it uses. Who a person is belongs to sign-in, which is the system's.
drop policy self on users;
--> statement-breakpoint
revoke update on users from auralink_app;
--> statement-breakpoint
-- The plan and the limits are not an organization's own to set.
revoke update on organizations from auralink_app;
--> statement-breakpoint
grant update (name, slug, settings, metadata, updated_at, deleted_at, version) on organizations to auralink_app;
--> statement-breakpoint
-- Only sealing gives an audit entry its place in the chain.
create policy unsealed on audit_logs as restrictive for insert to auralink_app
  with check (seq is null and previous_hash is null and hash is null and erased_at is null);
