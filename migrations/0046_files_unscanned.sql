ALTER TABLE "files" DROP CONSTRAINT "files_scan_status_check";--> statement-breakpoint
DROP INDEX "files_scan_pending_idx";--> statement-breakpoint
CREATE INDEX "files_scan_pending_idx" ON "files" USING btree ("id") WHERE "files"."scan_status" in ('pending', 'unscanned') and "files"."status" = 'stored';--> statement-breakpoint
ALTER TABLE "files" ADD CONSTRAINT "files_scan_status_check" CHECK ("files"."scan_status" in ('pending', 'clean', 'infected', 'failed', 'unscanned'));
