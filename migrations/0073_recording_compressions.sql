ALTER TABLE "file_compressions" DROP CONSTRAINT "file_compressions_reason_check";--> statement-breakpoint
ALTER TABLE "recordings" DROP CONSTRAINT "recordings_state_check";--> statement-breakpoint
DROP INDEX "recordings_expires_at_idx";--> statement-breakpoint
ALTER TABLE "file_compressions" ALTER COLUMN "file_id" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "file_compressions" ADD COLUMN "recording_id" text collate "C";--> statement-breakpoint
ALTER TABLE "file_compressions" ADD CONSTRAINT "file_compressions_recording_id_recordings_id_fk" FOREIGN KEY ("recording_id") REFERENCES "public"."recordings"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "file_compressions_recording_id_idx" ON "file_compressions" USING btree ("recording_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "file_compressions_running_recording_key" ON "file_compressions" USING btree ("recording_id") WHERE "file_compressions"."ended_at" is null;--> statement-breakpoint
CREATE INDEX "recordings_expires_at_idx" ON "recordings" USING btree ("expires_at") WHERE "recordings"."state" in ('ready', 'compressing', 'failed', 'lost') and "recordings"."delete_requested_at" is null;--> statement-breakpoint
ALTER TABLE "file_compressions" ADD CONSTRAINT "file_compressions_subject_check" CHECK (num_nonnulls("file_compressions"."file_id", "file_compressions"."recording_id") = 1);--> statement-breakpoint
ALTER TABLE "file_compressions" ADD CONSTRAINT "file_compressions_reason_check" CHECK ("file_compressions"."reason" in ('not_smaller', 'quality_not_reached', 'copy_differs', 'refused', 'too_long', 'given_up', 'service_unavailable', 'requested', 'file_gone', 'held', 'organization_deleted'));--> statement-breakpoint
ALTER TABLE "recordings" ADD CONSTRAINT "recordings_state_check" CHECK ("recordings"."state" in ('requested', 'starting', 'active', 'finalizing', 'verifying', 'ready', 'compressing', 'held', 'failed', 'lost', 'expired', 'deleted'));
