CREATE TABLE "summaries" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"organization_id" text collate "C" NOT NULL,
	"transcription_id" text collate "C" NOT NULL,
	"method" text NOT NULL,
	"state" text NOT NULL,
	"reason" text,
	"generation_id" text collate "C",
	"language" text,
	"held_on" date NOT NULL,
	"content" jsonb,
	"unsupported" integer DEFAULT 0 NOT NULL,
	"requested_by" text collate "C" NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "summaries_method_check" CHECK ("summaries"."method" in ('extractive', 'model')),
	CONSTRAINT "summaries_state_check" CHECK ("summaries"."state" in ('running', 'ready', 'failed')),
	CONSTRAINT "summaries_reason_check" CHECK ("summaries"."reason" in ('generation_failed', 'generation_cancelled', 'answer_cut', 'answer_not_readable', 'answer_gone')),
	CONSTRAINT "summaries_ended_check" CHECK (("summaries"."state" = 'running') = ("summaries"."ended_at" is null)),
	CONSTRAINT "summaries_failed_check" CHECK (("summaries"."state" = 'failed') = ("summaries"."reason" is not null)),
	CONSTRAINT "summaries_ready_check" CHECK (("summaries"."state" = 'ready') = ("summaries"."content" is not null))
);
--> statement-breakpoint
ALTER TABLE "summaries" ADD CONSTRAINT "summaries_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "summaries" ADD CONSTRAINT "summaries_transcription_id_transcriptions_id_fk" FOREIGN KEY ("transcription_id") REFERENCES "public"."transcriptions"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "summaries" ADD CONSTRAINT "summaries_generation_id_ai_generations_id_fk" FOREIGN KEY ("generation_id") REFERENCES "public"."ai_generations"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "summaries_organization_id_idx" ON "summaries" USING btree ("organization_id","id");--> statement-breakpoint
CREATE INDEX "summaries_transcription_id_idx" ON "summaries" USING btree ("transcription_id","id");--> statement-breakpoint
CREATE INDEX "summaries_generation_id_idx" ON "summaries" USING btree ("generation_id");--> statement-breakpoint
CREATE INDEX "summaries_running_idx" ON "summaries" USING btree ("created_at") WHERE "summaries"."ended_at" is null;--> statement-breakpoint
select tenant_wall('summaries');--> statement-breakpoint
grant select, insert, update, delete on summaries to auralink_app, auralink_system;
