ALTER TABLE "storage_totals" ADD COLUMN "downloaded_bytes" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "storage_totals" ADD COLUMN "sampled_at" timestamp (3) with time zone;
