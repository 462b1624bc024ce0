CREATE TABLE "ai_generations" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"organization_id" text collate "C" NOT NULL,
	"user_id" text collate "C",
	"api_key_id" text collate "C",
	"status" text NOT NULL,
	"failure" text,
	"stop_reason" text,
	"provider" text NOT NULL,
	"model" text NOT NULL,
	"own_key" boolean NOT NULL,
	"usage_state" text NOT NULL,
	"input_tokens" integer NOT NULL,
	"output_tokens" integer NOT NULL,
	"cache_read_tokens" integer NOT NULL,
	"cache_write_tokens" integer NOT NULL,
	"cache_write_hour_tokens" integer NOT NULL,
	"reasoning_tokens" integer,
	"first_output_ms" integer,
	"duration_ms" integer,
	"attempts" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "ai_generations_status_check" CHECK ("ai_generations"."status" in ('running', 'completed', 'failed', 'cancelled')),
	CONSTRAINT "ai_generations_failure_check" CHECK ("ai_generations"."failure" in ('not_configured', 'out_of_budget', 'out_of_time', 'interrupted', 'output_too_large', 'key_refused', 'request_refused', 'no_credit', 'busy', 'overloaded', 'unavailable', 'stalled', 'cut', 'malformed', 'too_large')),
	CONSTRAINT "ai_generations_stop_reason_check" CHECK ("ai_generations"."stop_reason" in ('end', 'max_tokens', 'tool_calls', 'stop_sequence', 'refusal')),
	CONSTRAINT "ai_generations_usage_state_check" CHECK ("ai_generations"."usage_state" in ('exact', 'partial', 'none'))
);
--> statement-breakpoint
ALTER TABLE "ai_generations" ADD CONSTRAINT "ai_generations_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ai_generations" ADD CONSTRAINT "ai_generations_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ai_generations" ADD CONSTRAINT "ai_generations_api_key_id_api_keys_id_fk" FOREIGN KEY ("api_key_id") REFERENCES "public"."api_keys"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "ai_generations_organization_id_idx" ON "ai_generations" USING btree ("organization_id","id");--> statement-breakpoint
CREATE INDEX "ai_generations_user_id_idx" ON "ai_generations" USING btree ("user_id","id");--> statement-breakpoint
CREATE INDEX "ai_generations_api_key_id_idx" ON "ai_generations" USING btree ("api_key_id","id");--> statement-breakpoint
select tenant_wall('ai_generations');--> statement-breakpoint
grant select, insert, update, delete on ai_generations to auralink_app, auralink_system;
