CREATE TABLE "ai_ratings" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"organization_id" text collate "C" NOT NULL,
	"answer" text collate "C" NOT NULL,
	"generation_id" text collate "C",
	"message_id" text collate "C",
	"summary_id" text collate "C",
	"run_id" text collate "C",
	"owner" text NOT NULL,
	"user_id" text collate "C",
	"api_key_id" text collate "C",
	"kind" text NOT NULL,
	"rating" integer NOT NULL,
	"reason" text,
	"text" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "ai_ratings_rater_check" CHECK ("ai_ratings"."owner" = coalesce("ai_ratings"."user_id", "ai_ratings"."api_key_id")),
	CONSTRAINT "ai_ratings_answer_check" CHECK ("ai_ratings"."answer" = coalesce("ai_ratings"."message_id", "ai_ratings"."summary_id", "ai_ratings"."run_id", "ai_ratings"."generation_id")),
	CONSTRAINT "ai_ratings_rating_check" CHECK ("ai_ratings"."rating" between 1 and 5 and ("ai_ratings"."kind" = 'score' or "ai_ratings"."rating" = 1 or "ai_ratings"."rating" = 5)),
	CONSTRAINT "ai_ratings_kind_check" CHECK ("ai_ratings"."kind" in ('score', 'thumb')),
	CONSTRAINT "ai_ratings_reason_check" CHECK ("ai_ratings"."reason" in ('helpful', 'incorrect', 'incomplete', 'off_topic', 'unsafe', 'too_slow', 'style', 'other'))
);
--> statement-breakpoint
ALTER TABLE "ai_ratings" ADD CONSTRAINT "ai_ratings_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ai_ratings" ADD CONSTRAINT "ai_ratings_generation_id_ai_generations_id_fk" FOREIGN KEY ("generation_id") REFERENCES "public"."ai_generations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ai_ratings" ADD CONSTRAINT "ai_ratings_message_id_agent_messages_id_fk" FOREIGN KEY ("message_id") REFERENCES "public"."agent_messages"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ai_ratings" ADD CONSTRAINT "ai_ratings_summary_id_summaries_id_fk" FOREIGN KEY ("summary_id") REFERENCES "public"."summaries"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ai_ratings" ADD CONSTRAINT "ai_ratings_run_id_team_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."team_runs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ai_ratings" ADD CONSTRAINT "ai_ratings_api_key_id_api_keys_id_fk" FOREIGN KEY ("api_key_id") REFERENCES "public"."api_keys"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ai_ratings" ADD CONSTRAINT "ai_ratings_member_fk" FOREIGN KEY ("organization_id","user_id") REFERENCES "public"."members"("organization_id","user_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "ai_ratings_answer_key" ON "ai_ratings" USING btree ("organization_id","answer","owner");--> statement-breakpoint
CREATE INDEX "ai_ratings_organization_id_idx" ON "ai_ratings" USING btree ("organization_id","id");--> statement-breakpoint
CREATE INDEX "ai_ratings_generation_id_idx" ON "ai_ratings" USING btree ("generation_id");--> statement-breakpoint
CREATE INDEX "ai_ratings_message_id_idx" ON "ai_ratings" USING btree ("message_id");--> statement-breakpoint
CREATE INDEX "ai_ratings_summary_id_idx" ON "ai_ratings" USING btree ("summary_id");--> statement-breakpoint
CREATE INDEX "ai_ratings_run_id_idx" ON "ai_ratings" USING btree ("run_id");--> statement-breakpoint
CREATE INDEX "ai_ratings_user_id_idx" ON "ai_ratings" USING btree ("organization_id","user_id");--> statement-breakpoint
CREATE INDEX "ai_ratings_api_key_id_idx" ON "ai_ratings" USING btree ("api_key_id");--> statement-breakpoint
select tenant_wall('ai_ratings');--> statement-breakpoint
grant select, insert, update, delete on ai_ratings to auralink_app, auralink_system;
