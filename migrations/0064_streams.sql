CREATE TABLE "streams" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"organization_id" text collate "C" NOT NULL,
	"room_id" text collate "C" NOT NULL,
	"call_id" text collate "C" NOT NULL,
	"cluster" text NOT NULL,
	"layout" text NOT NULL,
	"state" text NOT NULL,
	"reason" text,
	"targets" jsonb NOT NULL,
	"bucket_id" text collate "C",
	"segment_folder" text,
	"segment_seconds" integer,
	"segment_count" integer NOT NULL,
	"segment_bytes" bigint NOT NULL,
	"egress" text,
	"requested_by" text NOT NULL,
	"begun_at" timestamp (3) with time zone,
	"started_at" timestamp (3) with time zone,
	"stop_requested_at" timestamp (3) with time zone,
	"stop_reason" text,
	"ended_at" timestamp (3) with time zone,
	"state_at" timestamp (3) with time zone NOT NULL,
	"listed_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "streams_layout_check" CHECK ("streams"."layout" in ('grid', 'speaker', 'single-speaker')),
	CONSTRAINT "streams_state_check" CHECK ("streams"."state" in ('requested', 'starting', 'active', 'finalizing', 'ended', 'failed', 'lost')),
	CONSTRAINT "streams_reason_check" CHECK ("streams"."reason" in ('no_recorder', 'stopped_before_start', 'bucket_removed', 'no_target', 'refused', 'recorder_failed', 'recorder_aborted', 'recorder_hangs', 'limit_reached', 'not_listed')),
	CONSTRAINT "streams_stop_reason_check" CHECK ("streams"."stop_reason" in ('requested', 'call_ended', 'room_deleted', 'organization_deleted', 'switched_off', 'not_included'))
);
--> statement-breakpoint
ALTER TABLE "streams" ADD CONSTRAINT "streams_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "streams" ADD CONSTRAINT "streams_room_id_rooms_id_fk" FOREIGN KEY ("room_id") REFERENCES "public"."rooms"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "streams" ADD CONSTRAINT "streams_call_id_calls_id_fk" FOREIGN KEY ("call_id") REFERENCES "public"."calls"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "streams" ADD CONSTRAINT "streams_bucket_id_buckets_id_fk" FOREIGN KEY ("bucket_id") REFERENCES "public"."buckets"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "streams_organization_id_idx" ON "streams" USING btree ("organization_id","id");--> statement-breakpoint
CREATE INDEX "streams_room_id_idx" ON "streams" USING btree ("room_id","id");--> statement-breakpoint
CREATE INDEX "streams_call_id_idx" ON "streams" USING btree ("call_id");--> statement-breakpoint
CREATE INDEX "streams_bucket_id_idx" ON "streams" USING btree ("bucket_id");--> statement-breakpoint
CREATE UNIQUE INDEX "streams_running_key" ON "streams" USING btree ("call_id") WHERE "streams"."state" in ('requested', 'starting', 'active');--> statement-breakpoint
CREATE INDEX "streams_open_idx" ON "streams" USING btree ("state_at") WHERE "streams"."state" in ('requested', 'starting', 'active', 'finalizing');--> statement-breakpoint
select tenant_wall('streams');--> statement-breakpoint
grant select, insert, update, delete on streams to auralink_app, auralink_system;
