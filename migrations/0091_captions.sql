CREATE TABLE "call_captions" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"organization_id" text collate "C" NOT NULL,
	"room_id" text collate "C" NOT NULL,
	"call_id" text collate "C" NOT NULL,
	"transcription_id" text collate "C",
	"requested_by" text collate "C" NOT NULL,
	"language" text,
	"translate_to" jsonb NOT NULL,
	"end_reason" text,
	"ended_at" timestamp (3) with time zone,
	"transcribed_ms" integer DEFAULT 0 NOT NULL,
	"last_report" text,
	"reported_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "call_captions_end_reason_check" CHECK ("call_captions"."end_reason" in ('stopped', 'call_ended', 'switched_off', 'not_included', 'removed', 'out_of_budget')),
	CONSTRAINT "call_captions_ended_check" CHECK (("call_captions"."ended_at" is null) = ("call_captions"."end_reason" is null))
);
--> statement-breakpoint
ALTER TABLE "transcriptions" DROP CONSTRAINT "transcriptions_subject_check";--> statement-breakpoint
ALTER TABLE "transcript_segments" ADD COLUMN "speaker" text;--> statement-breakpoint
ALTER TABLE "transcript_segments" ADD COLUMN "language" text;--> statement-breakpoint
ALTER TABLE "transcript_segments" ADD COLUMN "is_gap" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "transcriptions" ADD COLUMN "call_id" text collate "C";--> statement-breakpoint
ALTER TABLE "call_captions" ADD CONSTRAINT "call_captions_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "call_captions" ADD CONSTRAINT "call_captions_room_id_rooms_id_fk" FOREIGN KEY ("room_id") REFERENCES "public"."rooms"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "call_captions" ADD CONSTRAINT "call_captions_call_id_calls_id_fk" FOREIGN KEY ("call_id") REFERENCES "public"."calls"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "call_captions" ADD CONSTRAINT "call_captions_transcription_id_transcriptions_id_fk" FOREIGN KEY ("transcription_id") REFERENCES "public"."transcriptions"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "call_captions_running_key" ON "call_captions" USING btree ("call_id") WHERE "call_captions"."ended_at" is null;--> statement-breakpoint
CREATE INDEX "call_captions_organization_id_idx" ON "call_captions" USING btree ("organization_id","id");--> statement-breakpoint
CREATE INDEX "call_captions_room_id_idx" ON "call_captions" USING btree ("room_id");--> statement-breakpoint
CREATE INDEX "call_captions_call_id_idx" ON "call_captions" USING btree ("call_id");--> statement-breakpoint
CREATE INDEX "call_captions_transcription_id_idx" ON "call_captions" USING btree ("transcription_id");--> statement-breakpoint
ALTER TABLE "transcriptions" ADD CONSTRAINT "transcriptions_call_id_calls_id_fk" FOREIGN KEY ("call_id") REFERENCES "public"."calls"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "transcriptions_call_id_idx" ON "transcriptions" USING btree ("call_id","id");--> statement-breakpoint
ALTER TABLE "transcriptions" ADD CONSTRAINT "transcriptions_subject_check" CHECK (num_nonnulls("transcriptions"."file_id", "transcriptions"."recording_id", "transcriptions"."call_id") = 1);--> statement-breakpoint
select tenant_wall('call_captions');--> statement-breakpoint
grant select, insert, update, delete on call_captions to auralink_app, auralink_system;
