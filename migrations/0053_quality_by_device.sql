ALTER TABLE "analytics_participations" ADD COLUMN "device" text DEFAULT 'unknown' NOT NULL;--> statement-breakpoint
ALTER TABLE "analytics_participations" ADD COLUMN "codec" text DEFAULT 'unknown' NOT NULL;--> statement-breakpoint
ALTER TABLE "analytics_participations" ADD CONSTRAINT "analytics_participations_device_check" CHECK ("analytics_participations"."device" in ('desktop', 'phone', 'tablet', 'other', 'unknown'));--> statement-breakpoint
ALTER TABLE "analytics_participations" ADD CONSTRAINT "analytics_participations_codec_check" CHECK ("analytics_participations"."codec" in ('vp8', 'vp9', 'h264', 'h265', 'av1', 'other', 'unknown'));--> statement-breakpoint
ALTER TABLE "analytics_buckets" ADD COLUMN "by_device" jsonb DEFAULT '{}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "analytics_buckets" ADD COLUMN "by_codec" jsonb DEFAULT '{}'::jsonb NOT NULL;--> statement-breakpoint
-- Rollups have two more groups: all are built once more, as after a change of the time zone, and shown until then.
UPDATE analytics_zones SET next_time_zone = coalesce(next_time_zone, time_zone), built_until = NULL;
