CREATE TABLE "announced_recordings" (
	"recording_id" text collate "C" PRIMARY KEY NOT NULL,
	"organization_id" text collate "C" NOT NULL,
	"call_id" text collate "C" NOT NULL,
	"consent_required" boolean NOT NULL,
	"agreed_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "recording_consents" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"organization_id" text collate "C" NOT NULL,
	"room_id" text collate "C" NOT NULL,
	"call_id" text collate "C" NOT NULL,
	"identity" text NOT NULL,
	"user_id" text collate "C",
	"given_at" timestamp (3) with time zone,
	"withdrawn_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "recordings" DROP CONSTRAINT "recordings_reason_check";--> statement-breakpoint
ALTER TABLE "recordings" ADD COLUMN "consent_due_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "recordings" ADD COLUMN "agreed_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "rooms" ADD COLUMN "recording_consent" text DEFAULT 'notice' NOT NULL;--> statement-breakpoint
ALTER TABLE "announced_recordings" ADD CONSTRAINT "announced_recordings_recording_id_recordings_id_fk" FOREIGN KEY ("recording_id") REFERENCES "public"."recordings"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "announced_recordings" ADD CONSTRAINT "announced_recordings_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "announced_recordings" ADD CONSTRAINT "announced_recordings_call_id_calls_id_fk" FOREIGN KEY ("call_id") REFERENCES "public"."calls"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "recording_consents" ADD CONSTRAINT "recording_consents_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "recording_consents" ADD CONSTRAINT "recording_consents_room_id_rooms_id_fk" FOREIGN KEY ("room_id") REFERENCES "public"."rooms"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "recording_consents" ADD CONSTRAINT "recording_consents_call_id_calls_id_fk" FOREIGN KEY ("call_id") REFERENCES "public"."calls"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "recording_consents" ADD CONSTRAINT "recording_consents_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "announced_recordings_call_id_idx" ON "announced_recordings" USING btree ("call_id");--> statement-breakpoint
CREATE INDEX "announced_recordings_organization_id_idx" ON "announced_recordings" USING btree ("organization_id");--> statement-breakpoint
CREATE UNIQUE INDEX "recording_consents_held_key" ON "recording_consents" USING btree ("call_id","identity") WHERE "recording_consents"."withdrawn_at" is null;--> statement-breakpoint
CREATE INDEX "recording_consents_call_id_idx" ON "recording_consents" USING btree ("call_id","withdrawn_at");--> statement-breakpoint
CREATE INDEX "recording_consents_room_id_idx" ON "recording_consents" USING btree ("room_id","id");--> statement-breakpoint
CREATE INDEX "recording_consents_organization_id_idx" ON "recording_consents" USING btree ("organization_id");--> statement-breakpoint
CREATE INDEX "recording_consents_user_id_idx" ON "recording_consents" USING btree ("user_id");--> statement-breakpoint
ALTER TABLE "recordings" ADD CONSTRAINT "recordings_reason_check" CHECK ("recordings"."reason" in ('no_recorder', 'stopped_before_start', 'consent_missing', 'bucket_removed', 'refused', 'recorder_failed', 'recorder_aborted', 'recorder_hangs', 'limit_reached', 'no_file', 'object_missing', 'size_differs', 'duration_differs', 'not_verified', 'not_listed'));--> statement-breakpoint
ALTER TABLE "rooms" ADD CONSTRAINT "rooms_recording_consent_check" CHECK ("rooms"."recording_consent" in ('notice', 'required'));--> statement-breakpoint
select tenant_wall('announced_recordings');--> statement-breakpoint
grant select, insert, update, delete on announced_recordings to auralink_app, auralink_system;--> statement-breakpoint
select tenant_wall('recording_consents');--> statement-breakpoint
grant select, insert, update, delete on recording_consents to auralink_app, auralink_system;--> statement-breakpoint
insert into announced_recordings (recording_id, organization_id, call_id, consent_required, created_at)
  select id, organization_id, call_id, false, created_at from recordings where state in ('requested', 'starting', 'active');
