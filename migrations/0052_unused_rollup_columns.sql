ALTER TABLE "analytics_buckets" DROP COLUMN "round_trips";--> statement-breakpoint
ALTER TABLE "analytics_buckets" DROP COLUMN "jitters";--> statement-breakpoint
ALTER TABLE "analytics_buckets" DROP COLUMN "losses";--> statement-breakpoint
ALTER TABLE "analytics_buckets" DROP COLUMN "scores";--> statement-breakpoint
ALTER TABLE "analytics_buckets" DROP COLUMN "top_users";--> statement-breakpoint
ALTER TABLE "analytics_buckets" DROP COLUMN "top_rooms";
