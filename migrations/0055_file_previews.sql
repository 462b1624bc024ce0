ALTER TABLE "files" ADD COLUMN "preview_status" text DEFAULT 'none' NOT NULL;--> statement-breakpoint
ALTER TABLE "files" ADD COLUMN "preview_attempts" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "files" ADD COLUMN "preview" jsonb;--> statement-breakpoint
CREATE INDEX "files_preview_pending_idx" ON "files" USING btree ("id") WHERE "files"."preview_status" = 'pending';--> statement-breakpoint
ALTER TABLE "files" ADD CONSTRAINT "files_preview_status_check" CHECK ("files"."preview_status" in ('none', 'pending', 'ready', 'failed'));--> statement-breakpoint
ALTER TABLE "files" ADD CONSTRAINT "files_preview_check" CHECK (("files"."preview_status" = 'ready') = ("files"."preview" is not null));
