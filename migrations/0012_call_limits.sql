ALTER TABLE "calls" ADD COLUMN "empty_timeout_seconds" integer DEFAULT 300 NOT NULL;--> statement-breakpoint
ALTER TABLE "calls" ADD COLUMN "max_duration_seconds" integer;--> statement-breakpoint
-- Calls that are open keep the limits that their room has now; those that are over have no use for them.
UPDATE "calls" c SET "empty_timeout_seconds" = r."empty_timeout_seconds", "max_duration_seconds" = r."max_duration_seconds"
FROM "rooms" r WHERE r."id" = c."room_id" AND c."status" IN ('waiting', 'active');
