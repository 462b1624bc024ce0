CREATE TABLE "recordings" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"organization_id" text collate "C" NOT NULL,
	"room_id" text collate "C" NOT NULL,
	"call_id" text collate "C" NOT NULL,
	"bucket_id" text collate "C",
	"cluster" text NOT NULL,
	"kind" text NOT NULL,
	"subject" text NOT NULL,
	"state" text NOT NULL,
	"reason" text,
	"object_key" text NOT NULL,
	"egress" text,
	"etag" text,
	"size_bytes" bigint,
	"duration_ms" bigint,
	"requested_by" text NOT NULL,
	"begun_at" timestamp (3) with time zone,
	"started_at" timestamp (3) with time zone,
	"stop_requested_at" timestamp (3) with time zone,
	"stop_reason" text,
	"ended_at" timestamp (3) with time zone,
	"expires_at" timestamp (3) with time zone,
	"delete_requested_at" timestamp (3) with time zone,
	"deletion_cause" text,
	"held_by" text,
	"held_for" text,
	"state_at" timestamp (3) with time zone NOT NULL,
	"listed_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "recordings_kind_check" CHECK ("recordings"."kind" in ('composite', 'audio', 'participant', 'track')),
	CONSTRAINT "recordings_state_check" CHECK ("recordings"."state" in ('requested', 'starting', 'active', 'finalizing', 'verifying', 'ready', 'held', 'failed', 'lost', 'expired', 'deleted')),
	CONSTRAINT "recordings_reason_check" CHECK ("recordings"."reason" in ('no_recorder', 'stopped_before_start', 'bucket_removed', 'refused', 'recorder_failed', 'recorder_aborted', 'recorder_hangs', 'limit_reached', 'no_file', 'object_missing', 'size_differs', 'duration_differs', 'not_verified', 'not_listed')),
	CONSTRAINT "recordings_stop_reason_check" CHECK ("recordings"."stop_reason" in ('requested', 'call_ended', 'room_deleted', 'organization_deleted', 'switched_off', 'not_included', 'consent_missing')),
	CONSTRAINT "recordings_deletion_cause_check" CHECK ("recordings"."deletion_cause" in ('requested', 'expired'))
);
--> statement-breakpoint
ALTER TABLE "recordings" ADD CONSTRAINT "recordings_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "recordings" ADD CONSTRAINT "recordings_room_id_rooms_id_fk" FOREIGN KEY ("room_id") REFERENCES "public"."rooms"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "recordings" ADD CONSTRAINT "recordings_call_id_calls_id_fk" FOREIGN KEY ("call_id") REFERENCES "public"."calls"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "recordings" ADD CONSTRAINT "recordings_bucket_id_buckets_id_fk" FOREIGN KEY ("bucket_id") REFERENCES "public"."buckets"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "recordings_organization_id_idx" ON "recordings" USING btree ("organization_id","id");--> statement-breakpoint
CREATE INDEX "recordings_room_id_idx" ON "recordings" USING btree ("room_id","id");--> statement-breakpoint
CREATE INDEX "recordings_call_id_idx" ON "recordings" USING btree ("call_id");--> statement-breakpoint
CREATE INDEX "recordings_bucket_id_idx" ON "recordings" USING btree ("bucket_id");--> statement-breakpoint
CREATE UNIQUE INDEX "recordings_running_key" ON "recordings" USING btree ("call_id","subject") WHERE "recordings"."state" in ('requested', 'starting', 'active');--> statement-breakpoint
CREATE INDEX "recordings_open_idx" ON "recordings" USING btree ("state_at") WHERE "recordings"."state" in ('requested', 'starting', 'active', 'finalizing', 'verifying');--> statement-breakpoint
CREATE INDEX "recordings_expires_at_idx" ON "recordings" USING btree ("expires_at") WHERE "recordings"."state" in ('ready', 'failed', 'lost') and "recordings"."delete_requested_at" is null;--> statement-breakpoint
CREATE INDEX "recordings_deleting_idx" ON "recordings" USING btree ("delete_requested_at") WHERE "recordings"."delete_requested_at" is not null and "recordings"."state" not in ('expired', 'deleted');--> statement-breakpoint
select tenant_wall('recordings');--> statement-breakpoint
grant select, insert, update, delete on recordings to auralink_app, auralink_system;
