ALTER TABLE "recordings" DROP CONSTRAINT "recordings_reason_check";--> statement-breakpoint
ALTER TABLE "recordings" ADD COLUMN "storage" text DEFAULT 'bucket' NOT NULL;--> statement-breakpoint
ALTER TABLE "recordings" ADD COLUMN "checksum" text;--> statement-breakpoint
ALTER TABLE "recordings" ADD COLUMN "stored_bytes" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "recordings" ADD CONSTRAINT "recordings_storage_check" CHECK ("recordings"."storage" in ('bucket', 'product'));--> statement-breakpoint
ALTER TABLE "recordings" ADD CONSTRAINT "recordings_reason_check" CHECK ("recordings"."reason" in ('no_recorder', 'stopped_before_start', 'consent_missing', 'bucket_removed', 'no_storage', 'refused', 'recorder_failed', 'recorder_aborted', 'recorder_hangs', 'limit_reached', 'no_file', 'object_missing', 'size_differs', 'duration_differs', 'not_verified', 'not_listed'));--> statement-breakpoint
create function count_recordings() returns trigger language plpgsql as $$ begin return null; end $$;
--> statement-breakpoint
create trigger recordings_count after insert or delete or update of stored_bytes on recordings for each row
  execute function count_recordings();
