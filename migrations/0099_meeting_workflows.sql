CREATE TABLE "call_outcomes" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"organization_id" text collate "C" NOT NULL,
	"room_id" text collate "C" NOT NULL,
	"call_id" text collate "C" NOT NULL,
	"run_id" text collate "C" NOT NULL,
	"transcription_id" text collate "C" NOT NULL,
	"kind" text NOT NULL,
	"text" text NOT NULL,
	"owner" text,
	"due" text,
	"due_on" date,
	"citations" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "call_outcomes_kind_check" CHECK ("call_outcomes"."kind" in ('decision', 'action_item'))
);
--> statement-breakpoint
CREATE TABLE "meeting_workflows" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"organization_id" text collate "C" NOT NULL,
	"name" text NOT NULL,
	"enabled" boolean NOT NULL,
	"trigger" text NOT NULL,
	"room_ids" jsonb,
	"steps" jsonb NOT NULL,
	"max_cost_micros" integer,
	"author_id" text collate "C",
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "meeting_workflows_trigger_check" CHECK ("meeting_workflows"."trigger" in ('call_ended', 'recording_ready', 'transcript_finished'))
);
--> statement-breakpoint
CREATE TABLE "workflow_runs" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"organization_id" text collate "C" NOT NULL,
	"workflow_id" text collate "C",
	"workflow_name" text NOT NULL,
	"workflow_version" integer NOT NULL,
	"call_id" text collate "C" NOT NULL,
	"room_id" text collate "C" NOT NULL,
	"author_id" text collate "C",
	"state" text NOT NULL,
	"reason" text,
	"steps" jsonb NOT NULL,
	"transcription_id" text collate "C",
	"summary_id" text collate "C",
	"max_cost_micros" integer,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "workflow_runs_state_check" CHECK ("workflow_runs"."state" in ('running', 'done', 'failed', 'cancelled')),
	CONSTRAINT "workflow_runs_ended_check" CHECK (("workflow_runs"."state" = 'running') = ("workflow_runs"."ended_at" is null))
);
--> statement-breakpoint
CREATE TABLE "recording_topics" (
	"recording_id" text collate "C" PRIMARY KEY NOT NULL,
	"organization_id" text collate "C" NOT NULL,
	"transcription_id" text collate "C" NOT NULL,
	"topics" jsonb NOT NULL
);
--> statement-breakpoint
ALTER TABLE "call_outcomes" ADD CONSTRAINT "call_outcomes_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "call_outcomes" ADD CONSTRAINT "call_outcomes_room_id_rooms_id_fk" FOREIGN KEY ("room_id") REFERENCES "public"."rooms"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "call_outcomes" ADD CONSTRAINT "call_outcomes_call_id_calls_id_fk" FOREIGN KEY ("call_id") REFERENCES "public"."calls"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "call_outcomes" ADD CONSTRAINT "call_outcomes_run_id_workflow_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."workflow_runs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "call_outcomes" ADD CONSTRAINT "call_outcomes_transcription_id_transcriptions_id_fk" FOREIGN KEY ("transcription_id") REFERENCES "public"."transcriptions"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "meeting_workflows" ADD CONSTRAINT "meeting_workflows_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "meeting_workflows" ADD CONSTRAINT "meeting_workflows_author_id_users_id_fk" FOREIGN KEY ("author_id") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "workflow_runs" ADD CONSTRAINT "workflow_runs_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "workflow_runs" ADD CONSTRAINT "workflow_runs_workflow_id_meeting_workflows_id_fk" FOREIGN KEY ("workflow_id") REFERENCES "public"."meeting_workflows"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "workflow_runs" ADD CONSTRAINT "workflow_runs_call_id_calls_id_fk" FOREIGN KEY ("call_id") REFERENCES "public"."calls"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "workflow_runs" ADD CONSTRAINT "workflow_runs_room_id_rooms_id_fk" FOREIGN KEY ("room_id") REFERENCES "public"."rooms"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "workflow_runs" ADD CONSTRAINT "workflow_runs_author_id_users_id_fk" FOREIGN KEY ("author_id") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "workflow_runs" ADD CONSTRAINT "workflow_runs_transcription_id_transcriptions_id_fk" FOREIGN KEY ("transcription_id") REFERENCES "public"."transcriptions"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "workflow_runs" ADD CONSTRAINT "workflow_runs_summary_id_summaries_id_fk" FOREIGN KEY ("summary_id") REFERENCES "public"."summaries"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "recording_topics" ADD CONSTRAINT "recording_topics_recording_id_recordings_id_fk" FOREIGN KEY ("recording_id") REFERENCES "public"."recordings"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "recording_topics" ADD CONSTRAINT "recording_topics_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "recording_topics" ADD CONSTRAINT "recording_topics_transcription_id_transcriptions_id_fk" FOREIGN KEY ("transcription_id") REFERENCES "public"."transcriptions"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "call_outcomes_organization_id_idx" ON "call_outcomes" USING btree ("organization_id","id");--> statement-breakpoint
CREATE INDEX "call_outcomes_room_id_idx" ON "call_outcomes" USING btree ("room_id","id");--> statement-breakpoint
CREATE INDEX "call_outcomes_call_id_idx" ON "call_outcomes" USING btree ("call_id");--> statement-breakpoint
CREATE INDEX "call_outcomes_run_id_idx" ON "call_outcomes" USING btree ("run_id");--> statement-breakpoint
CREATE INDEX "call_outcomes_transcription_id_idx" ON "call_outcomes" USING btree ("transcription_id");--> statement-breakpoint
CREATE INDEX "meeting_workflows_organization_id_idx" ON "meeting_workflows" USING btree ("organization_id","id");--> statement-breakpoint
CREATE INDEX "meeting_workflows_author_id_idx" ON "meeting_workflows" USING btree ("author_id");--> statement-breakpoint
CREATE UNIQUE INDEX "workflow_runs_workflow_call_key" ON "workflow_runs" USING btree ("workflow_id","call_id");--> statement-breakpoint
CREATE INDEX "workflow_runs_organization_id_idx" ON "workflow_runs" USING btree ("organization_id","id");--> statement-breakpoint
CREATE INDEX "workflow_runs_call_id_idx" ON "workflow_runs" USING btree ("call_id");--> statement-breakpoint
CREATE INDEX "workflow_runs_room_id_idx" ON "workflow_runs" USING btree ("room_id","id");--> statement-breakpoint
CREATE INDEX "workflow_runs_author_id_idx" ON "workflow_runs" USING btree ("author_id");--> statement-breakpoint
CREATE INDEX "workflow_runs_transcription_id_idx" ON "workflow_runs" USING btree ("transcription_id");--> statement-breakpoint
CREATE INDEX "workflow_runs_summary_id_idx" ON "workflow_runs" USING btree ("summary_id");--> statement-breakpoint
CREATE INDEX "workflow_runs_running_idx" ON "workflow_runs" USING btree ("updated_at") WHERE "workflow_runs"."ended_at" is null;--> statement-breakpoint
CREATE INDEX "recording_topics_organization_id_idx" ON "recording_topics" USING btree ("organization_id");--> statement-breakpoint
CREATE INDEX "recording_topics_transcription_id_idx" ON "recording_topics" USING btree ("transcription_id");--> statement-breakpoint
select tenant_wall('call_outcomes');--> statement-breakpoint
grant select, insert, update, delete on call_outcomes to auralink_app, auralink_system;--> statement-breakpoint
select tenant_wall('meeting_workflows');--> statement-breakpoint
grant select, insert, update, delete on meeting_workflows to auralink_app, auralink_system;--> statement-breakpoint
select tenant_wall('workflow_runs');--> statement-breakpoint
grant select, insert, update, delete on workflow_runs to auralink_app, auralink_system;--> statement-breakpoint
select tenant_wall('recording_topics');--> statement-breakpoint
grant select, insert, update, delete on recording_topics to auralink_app, auralink_system;
