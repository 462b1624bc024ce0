CREATE TABLE "deliveries" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"event_id" text collate "C" NOT NULL,
	"subscriber" text NOT NULL,
	"organization_id" text collate "C",
	"type" text NOT NULL,
	"key" text NOT NULL,
	"partition" text collate "C" GENERATED ALWAYS AS (coalesce(organization_id, key)) STORED NOT NULL,
	"seq" bigint NOT NULL,
	"status" text DEFAULT 'pending' NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"available_at" timestamp (3) with time zone NOT NULL,
	"lease_until" timestamp (3) with time zone,
	"last_error" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	"finished_at" timestamp (3) with time zone,
	CONSTRAINT "deliveries_status_check" CHECK ("deliveries"."status" in ('pending', 'published', 'running', 'done', 'dead'))
);
--> statement-breakpoint
ALTER TABLE "outbox" DROP CONSTRAINT "outbox_status_check";--> statement-breakpoint
DROP INDEX "outbox_turn_idx";--> statement-breakpoint
DROP INDEX "outbox_flight_idx";--> statement-breakpoint
DROP INDEX "outbox_lease_idx";--> statement-breakpoint
DROP INDEX "outbox_dead_idx";--> statement-breakpoint
DROP INDEX "outbox_done_idx";--> statement-breakpoint
DROP INDEX "outbox_pending_idx";--> statement-breakpoint
ALTER TABLE "outbox" ADD COLUMN "published_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "outbox" ADD COLUMN "subscriber_set" text;--> statement-breakpoint
ALTER TABLE "deliveries" ADD CONSTRAINT "deliveries_event_id_outbox_id_fk" FOREIGN KEY ("event_id") REFERENCES "public"."outbox"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "deliveries_pending_idx" ON "deliveries" USING btree ("partition","subscriber","available_at","seq") WHERE "deliveries"."status" = 'pending';--> statement-breakpoint
CREATE INDEX "deliveries_turn_idx" ON "deliveries" USING btree ("partition","subscriber","key","seq") WHERE "deliveries"."status" in ('pending', 'published', 'running');--> statement-breakpoint
CREATE INDEX "deliveries_in_flight_idx" ON "deliveries" USING btree ("partition","subscriber","key") WHERE "deliveries"."status" in ('published', 'running');--> statement-breakpoint
CREATE INDEX "deliveries_lease_idx" ON "deliveries" USING btree ("lease_until") WHERE "deliveries"."status" in ('published', 'running');--> statement-breakpoint
CREATE INDEX "deliveries_dead_idx" ON "deliveries" USING btree ("id") WHERE "deliveries"."status" = 'dead';--> statement-breakpoint
CREATE INDEX "deliveries_done_idx" ON "deliveries" USING btree ("finished_at") WHERE "deliveries"."status" = 'done';--> statement-breakpoint
CREATE INDEX "deliveries_event_id_idx" ON "deliveries" USING btree ("event_id");--> statement-breakpoint
CREATE INDEX "deliveries_organization_id_idx" ON "deliveries" USING btree ("organization_id","id");--> statement-breakpoint
CREATE INDEX "outbox_published_idx" ON "outbox" USING btree ("subscriber_set","published_at") WHERE "outbox"."status" = 'published';--> statement-breakpoint
CREATE INDEX "outbox_expired_idx" ON "outbox" USING btree ("published_at") WHERE "outbox"."status" = 'published';--> statement-breakpoint
CREATE INDEX "outbox_pending_idx" ON "outbox" USING btree ("lane","seq") WHERE "outbox"."status" = 'pending';--> statement-breakpoint
-- What was under way waits again: each event is published to its subscribers by the new version. What had failed stays
-- listed as a dead letter of a subscriber that no longer has a name.
insert into deliveries (id, event_id, subscriber, organization_id, type, key, seq, status, attempts, available_at, last_error, created_at, finished_at)
select id || '.unknown', id, 'unknown', organization_id, type, key, seq, 'dead', attempts, available_at, last_error, created_at, finished_at
from outbox where status = 'dead';--> statement-breakpoint
update outbox set published_at = coalesce(finished_at, created_at), subscriber_set = '' where status in ('done', 'dead');--> statement-breakpoint
update outbox set status = case when status in ('done', 'dead') then 'published' else 'pending' end;--> statement-breakpoint
ALTER TABLE "outbox" DROP COLUMN "attempts";--> statement-breakpoint
ALTER TABLE "outbox" DROP COLUMN "lease_until";--> statement-breakpoint
ALTER TABLE "outbox" DROP COLUMN "last_error";--> statement-breakpoint
ALTER TABLE "outbox" DROP COLUMN "finished_at";--> statement-breakpoint
ALTER TABLE "outbox" ADD CONSTRAINT "outbox_status_check" CHECK ("outbox"."status" in ('pending', 'published'));--> statement-breakpoint
select tenant_wall('deliveries');--> statement-breakpoint
grant select on deliveries to auralink_app;--> statement-breakpoint
grant select, insert, update, delete on deliveries to auralink_system;
