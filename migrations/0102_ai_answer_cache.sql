CREATE TABLE "ai_answer_savings" (
	"organization_id" text collate "C" NOT NULL,
	"month" text NOT NULL,
	"reused" integer NOT NULL,
	"input_tokens" bigint NOT NULL,
	"output_tokens" bigint NOT NULL,
	"amount_micros" bigint NOT NULL,
	"unknown_count" integer NOT NULL,
	CONSTRAINT "ai_answer_savings_organization_id_month_pk" PRIMARY KEY("organization_id","month")
);
--> statement-breakpoint
CREATE TABLE "ai_answers" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"organization_id" text collate "C" NOT NULL,
	"user_id" text collate "C",
	"key_hash" text NOT NULL,
	"provider" text NOT NULL,
	"model" text NOT NULL,
	"stop_reason" text NOT NULL,
	"sealed_output" text NOT NULL,
	"usage" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "ai_answers_organization_id_key_hash_key" UNIQUE("organization_id","key_hash"),
	CONSTRAINT "ai_answers_stop_reason_check" CHECK ("ai_answers"."stop_reason" in ('end', 'max_tokens', 'tool_calls', 'stop_sequence', 'refusal'))
);
--> statement-breakpoint
ALTER TABLE "ai_preferences" ADD COLUMN "reuse_answers_seconds" integer;--> statement-breakpoint
ALTER TABLE "ai_generations" ADD COLUMN "reused" jsonb;--> statement-breakpoint
ALTER TABLE "ai_answer_savings" ADD CONSTRAINT "ai_answer_savings_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ai_answers" ADD CONSTRAINT "ai_answers_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ai_answers" ADD CONSTRAINT "ai_answers_user_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "ai_answers_user_id_idx" ON "ai_answers" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "ai_answers_expires_at_idx" ON "ai_answers" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "ai_answers_organization_id_id_idx" ON "ai_answers" USING btree ("organization_id","id");--> statement-breakpoint
select tenant_wall('ai_answer_savings');--> statement-breakpoint
grant select, insert, update, delete on ai_answer_savings to auralink_app, auralink_system;--> statement-breakpoint
select tenant_wall('ai_answers');--> statement-breakpoint
grant select, insert, update, delete on ai_answers to auralink_app, auralink_system;
