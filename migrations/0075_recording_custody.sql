ALTER TABLE "recordings" DROP CONSTRAINT "recordings_stop_reason_check";--> statement-breakpoint
ALTER TABLE "recordings" ADD COLUMN "checksum_begun_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "recordings" ADD CONSTRAINT "recordings_stop_reason_check" CHECK ("recordings"."stop_reason" in ('requested', 'call_ended', 'room_deleted', 'organization_deleted', 'switched_off', 'not_included', 'consent_missing', 'storage_full'));
--> statement-breakpoint
create function refuse_end_of_held() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' or (old.deleted_at is null and new.deleted_at is not null) then
    perform guard(not exists (select from recordings r where r.organization_id = old.id
      and r.state = 'held' and r.storage = 'product'), 'organizations.held');
  end if;
  return coalesce(new, old);
end $$;
--> statement-breakpoint
create trigger refuse_end_of_held before delete or update of deleted_at on organizations for each row execute function refuse_end_of_held();
--> statement-breakpoint
update organizations o set settings = settings || '{"recordingStorage": "bucket"}'
  where exists (select from buckets b where b.organization_id = o.id);
