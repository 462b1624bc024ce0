CREATE TABLE "transcript_corrections" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"organization_id" text collate "C" NOT NULL,
	"transcription_id" text collate "C" NOT NULL,
	"position" integer NOT NULL,
	"previous_text" text NOT NULL,
	"text" text NOT NULL,
	"corrected_by" text collate "C" NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "transcript_segments" (
	"transcription_id" text collate "C" NOT NULL,
	"position" integer NOT NULL,
	"organization_id" text collate "C" NOT NULL,
	"start_ms" integer NOT NULL,
	"end_ms" integer NOT NULL,
	"text" text NOT NULL,
	"confidence" integer,
	"words" jsonb NOT NULL,
	"corrected_by" text collate "C",
	"corrected_at" timestamp (3) with time zone,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "transcript_segments_transcription_id_position_pk" PRIMARY KEY("transcription_id","position"),
	CONSTRAINT "transcript_segments_time_check" CHECK (0 <= "transcript_segments"."start_ms" and "transcript_segments"."start_ms" <= "transcript_segments"."end_ms")
);
--> statement-breakpoint
CREATE TABLE "transcriptions" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"organization_id" text collate "C" NOT NULL,
	"file_id" text collate "C",
	"recording_id" text collate "C",
	"state" text NOT NULL,
	"reason" text,
	"requested_language" text,
	"language" text,
	"language_confidence" integer,
	"model" text NOT NULL,
	"requested_by" text collate "C" NOT NULL,
	"piece_count" integer,
	"pieces_done" integer DEFAULT 0 NOT NULL,
	"duration_ms" integer,
	"transcribed_ms" integer DEFAULT 0 NOT NULL,
	"ended_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "transcriptions_subject_check" CHECK (num_nonnulls("transcriptions"."file_id", "transcriptions"."recording_id") = 1),
	CONSTRAINT "transcriptions_state_check" CHECK ("transcriptions"."state" in ('requested', 'running', 'ready', 'failed')),
	CONSTRAINT "transcriptions_reason_check" CHECK ("transcriptions"."reason" in ('no_sound', 'not_readable', 'too_long', 'source_gone', 'service_unavailable')),
	CONSTRAINT "transcriptions_ended_check" CHECK (("transcriptions"."state" not in ('ready', 'failed')) = ("transcriptions"."ended_at" is null)),
	CONSTRAINT "transcriptions_failed_check" CHECK (("transcriptions"."state" = 'failed') = ("transcriptions"."reason" is not null))
);
--> statement-breakpoint
ALTER TABLE "transcript_corrections" ADD CONSTRAINT "transcript_corrections_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "transcript_corrections" ADD CONSTRAINT "transcript_corrections_segment_fk" FOREIGN KEY ("transcription_id","position") REFERENCES "public"."transcript_segments"("transcription_id","position") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "transcript_segments" ADD CONSTRAINT "transcript_segments_transcription_id_transcriptions_id_fk" FOREIGN KEY ("transcription_id") REFERENCES "public"."transcriptions"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "transcript_segments" ADD CONSTRAINT "transcript_segments_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "transcriptions" ADD CONSTRAINT "transcriptions_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "transcriptions" ADD CONSTRAINT "transcriptions_file_id_files_id_fk" FOREIGN KEY ("file_id") REFERENCES "public"."files"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "transcriptions" ADD CONSTRAINT "transcriptions_recording_id_recordings_id_fk" FOREIGN KEY ("recording_id") REFERENCES "public"."recordings"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "transcript_corrections_segment_idx" ON "transcript_corrections" USING btree ("transcription_id","position");--> statement-breakpoint
CREATE INDEX "transcript_corrections_transcription_idx" ON "transcript_corrections" USING btree ("transcription_id","id");--> statement-breakpoint
CREATE INDEX "transcript_corrections_organization_id_idx" ON "transcript_corrections" USING btree ("organization_id","id");--> statement-breakpoint
CREATE INDEX "transcript_segments_organization_id_idx" ON "transcript_segments" USING btree ("organization_id","transcription_id");--> statement-breakpoint
CREATE INDEX "transcript_segments_text_idx" ON "transcript_segments" USING gin (to_tsvector('simple', "text"));--> statement-breakpoint
CREATE INDEX "transcriptions_organization_id_idx" ON "transcriptions" USING btree ("organization_id","id");--> statement-breakpoint
CREATE INDEX "transcriptions_file_id_idx" ON "transcriptions" USING btree ("file_id","id");--> statement-breakpoint
CREATE INDEX "transcriptions_recording_id_idx" ON "transcriptions" USING btree ("recording_id","id");--> statement-breakpoint
CREATE INDEX "transcriptions_open_idx" ON "transcriptions" USING btree ("updated_at") WHERE "transcriptions"."ended_at" is null;--> statement-breakpoint
select tenant_wall('transcript_corrections');--> statement-breakpoint
grant select, insert, update, delete on transcript_corrections to auralink_app, auralink_system;--> statement-breakpoint
select tenant_wall('transcript_segments');--> statement-breakpoint
grant select, insert, update, delete on transcript_segments to auralink_app, auralink_system;--> statement-breakpoint
select tenant_wall('transcriptions');--> statement-breakpoint
grant select, insert, update, delete on transcriptions to auralink_app, auralink_system;
