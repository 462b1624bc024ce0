CREATE TABLE "call_questions" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"organization_id" text collate "C" NOT NULL,
	"room_id" text collate "C" NOT NULL,
	"call_id" text collate "C" NOT NULL,
	"transcription_id" text collate "C",
	"user_id" text collate "C" NOT NULL,
	"question" text NOT NULL,
	"post" boolean NOT NULL,
	"state" text NOT NULL,
	"reason" text,
	"generation_id" text collate "C",
	"lines" jsonb NOT NULL,
	"statements" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "call_questions_state_check" CHECK ("call_questions"."state" in ('running', 'answered', 'not_found', 'failed')),
	CONSTRAINT "call_questions_reason_check" CHECK ("call_questions"."reason" in ('generation_failed', 'generation_cancelled', 'answer_cut', 'answer_not_readable', 'answer_gone')),
	CONSTRAINT "call_questions_ended_check" CHECK (("call_questions"."state" = 'running') = ("call_questions"."ended_at" is null))
);
--> statement-breakpoint
ALTER TABLE "call_questions" ADD CONSTRAINT "call_questions_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "call_questions" ADD CONSTRAINT "call_questions_room_id_rooms_id_fk" FOREIGN KEY ("room_id") REFERENCES "public"."rooms"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "call_questions" ADD CONSTRAINT "call_questions_call_id_calls_id_fk" FOREIGN KEY ("call_id") REFERENCES "public"."calls"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "call_questions" ADD CONSTRAINT "call_questions_transcription_id_transcriptions_id_fk" FOREIGN KEY ("transcription_id") REFERENCES "public"."transcriptions"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "call_questions" ADD CONSTRAINT "call_questions_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "call_questions" ADD CONSTRAINT "call_questions_generation_id_ai_generations_id_fk" FOREIGN KEY ("generation_id") REFERENCES "public"."ai_generations"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "call_questions_organization_id_idx" ON "call_questions" USING btree ("organization_id");--> statement-breakpoint
CREATE INDEX "call_questions_call_id_idx" ON "call_questions" USING btree ("call_id","user_id","id");--> statement-breakpoint
CREATE INDEX "call_questions_room_id_idx" ON "call_questions" USING btree ("room_id");--> statement-breakpoint
CREATE INDEX "call_questions_user_id_idx" ON "call_questions" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "call_questions_transcription_id_idx" ON "call_questions" USING btree ("transcription_id");--> statement-breakpoint
CREATE INDEX "call_questions_generation_id_idx" ON "call_questions" USING btree ("generation_id");--> statement-breakpoint
CREATE INDEX "call_questions_running_idx" ON "call_questions" USING btree ("created_at") WHERE "call_questions"."ended_at" is null;--> statement-breakpoint
select tenant_wall('call_questions');--> statement-breakpoint
grant select, insert, update, delete on call_questions to auralink_app, auralink_system;
