-- Additive: the version before deliveries, which works on the rows of the outbox themselves, commits, publishes and
-- finishes events on this schema as before. Its columns `attempts`, `lease_until`, `last_error` and `finished_at`, its
-- indexes and its statuses stay until no running version names them: the next release stops naming them, and a migration
-- of the release after that drops them. Its rows are left as they are; the sweep of the new version takes them over
-- (src/kernel/events/previous-version.queries.ts).
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
	"due_at" timestamp (3) with time zone NOT NULL,
	"lease_until" timestamp (3) with time zone,
	"last_error" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	"finished_at" timestamp (3) with time zone,
	CONSTRAINT "deliveries_status_check" CHECK ("deliveries"."status" in ('pending', 'published', 'running', 'done', 'dead'))
);
--> statement-breakpoint
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
CREATE INDEX "outbox_unpublished_idx" ON "outbox" USING btree ("lane","seq") WHERE "outbox"."status" = 'pending';--> statement-breakpoint
CREATE INDEX "outbox_missed_idx" ON "outbox" USING btree ("subscriber_set",greatest(published_at, available_at)) WHERE "outbox"."status" = 'done';--> statement-breakpoint
CREATE INDEX "outbox_expired_idx" ON "outbox" USING btree ("published_at") WHERE "outbox"."status" = 'done';--> statement-breakpoint
select tenant_wall('deliveries');--> statement-breakpoint
grant select on deliveries to auralink_app;--> statement-breakpoint
grant select, insert, update, delete on deliveries to auralink_system;
