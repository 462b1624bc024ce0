ALTER TABLE "cost_insights" DROP CONSTRAINT "cost_insights_kind_check";--> statement-breakpoint
ALTER TABLE "analytics_buckets" DROP CONSTRAINT "analytics_buckets_grain_check";--> statement-breakpoint
ALTER TABLE "analytics_buckets" ALTER COLUMN "round_trips" SET DEFAULT '[]'::jsonb;--> statement-breakpoint
ALTER TABLE "analytics_buckets" ALTER COLUMN "jitters" SET DEFAULT '[]'::jsonb;--> statement-breakpoint
ALTER TABLE "analytics_buckets" ALTER COLUMN "losses" SET DEFAULT '[]'::jsonb;--> statement-breakpoint
ALTER TABLE "analytics_buckets" ALTER COLUMN "scores" SET DEFAULT '[]'::jsonb;--> statement-breakpoint
ALTER TABLE "analytics_buckets" ALTER COLUMN "top_users" SET DEFAULT '[]'::jsonb;--> statement-breakpoint
ALTER TABLE "analytics_buckets" ALTER COLUMN "top_rooms" SET DEFAULT '[]'::jsonb;--> statement-breakpoint
ALTER TABLE "analytics_buckets" ADD COLUMN "round_trip_histogram" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "analytics_buckets" ADD COLUMN "jitter_histogram" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "analytics_buckets" ADD COLUMN "loss_histogram" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "analytics_buckets" ADD COLUMN "score_histogram" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "analytics_buckets" ADD COLUMN "top_user_ids" text[] DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE "analytics_buckets" ADD COLUMN "top_user_ms" bigint[] DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE "analytics_buckets" ADD COLUMN "top_user_calls" integer[] DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE "analytics_buckets" ADD COLUMN "top_user_missing_ms" bigint[] DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE "analytics_buckets" ADD COLUMN "top_room_ids" text[] DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE "analytics_buckets" ADD COLUMN "top_room_ms" bigint[] DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE "analytics_buckets" ADD COLUMN "top_room_calls" integer[] DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE "analytics_buckets" ADD COLUMN "top_room_missing_ms" bigint[] DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE "cost_insights" ADD CONSTRAINT "cost_insights_kind_check" CHECK ("cost_insights"."kind" in ('unused_rooms', 'time_alone', 'rising_call_time', 'rising_minute_cost', 'yearly_billing_cheaper', 'larger_plan_cheaper', 'smaller_plan_cheaper'));--> statement-breakpoint
ALTER TABLE "analytics_buckets" ADD CONSTRAINT "analytics_buckets_grain_check" CHECK ("analytics_buckets"."grain" in ('hour', 'day', 'third', 'month'));
--> statement-breakpoint
DROP FUNCTION IF EXISTS refresh_analytics_months(text[], text[], timestamptz[]);--> statement-breakpoint
DROP FUNCTION IF EXISTS refresh_analytics_periods(text[], text[], timestamptz[]);--> statement-breakpoint
DROP FUNCTION IF EXISTS analytics_periods(text[], text[], timestamptz[]);--> statement-breakpoint
-- Lists and histograms have new columns: all rollups are built once more, as after a change of the time zone.
DELETE FROM analytics_buckets;--> statement-breakpoint
UPDATE analytics_zones SET next_time_zone = coalesce(next_time_zone, time_zone), built_until = NULL;
