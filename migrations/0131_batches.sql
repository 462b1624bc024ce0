CREATE TABLE "ai_batch_requests" (
	"organization_id" text collate "C" NOT NULL,
	"batch_id" text collate "C" NOT NULL,
	"position" integer NOT NULL,
	"custom_id" text NOT NULL,
	"model" text NOT NULL,
	"most_micros" bigint,
	"status" text NOT NULL,
	"stop_reason" text,
	"error_type" text,
	"error_message" text,
	"generation_id" text collate "C",
	"sealed_output" text,
	CONSTRAINT "ai_batch_requests_batch_id_position_pk" PRIMARY KEY("batch_id","position"),
	CONSTRAINT "ai_batch_requests_custom_id_key" UNIQUE("batch_id","custom_id"),
	CONSTRAINT "ai_batch_requests_status_check" CHECK ("ai_batch_requests"."status" in ('waiting', 'succeeded', 'errored', 'canceled', 'expired', 'unreadable')),
	CONSTRAINT "ai_batch_requests_stop_reason_check" CHECK ("ai_batch_requests"."stop_reason" in ('end', 'max_tokens', 'tool_calls', 'stop_sequence', 'refusal'))
);
--> statement-breakpoint
CREATE TABLE "ai_batches" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"organization_id" text collate "C" NOT NULL,
	"user_id" text collate "C",
	"api_key_id" text collate "C",
	"provider" text NOT NULL,
	"own_key" boolean NOT NULL,
	"provider_batch_id" text,
	"status" text NOT NULL,
	"cancel_reason" text,
	"failure" text,
	"request_count" integer NOT NULL,
	"result_counts" jsonb,
	"is_reserved" boolean NOT NULL,
	"next_poll_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "ai_batches_status_check" CHECK ("ai_batches"."status" in ('submitting', 'running', 'canceling', 'ended', 'failed')),
	CONSTRAINT "ai_batches_cancel_reason_check" CHECK ("ai_batches"."cancel_reason" in ('cancelled', 'access_ended', 'out_of_budget')),
	CONSTRAINT "ai_batches_failure_check" CHECK ("ai_batches"."failure" in ('not_configured', 'access_ended', 'out_of_budget', 'out_of_time', 'interrupted', 'output_too_large', 'key_refused', 'request_refused', 'no_credit', 'busy', 'overloaded', 'unavailable', 'stalled', 'cut', 'malformed', 'too_large'))
);
--> statement-breakpoint
ALTER TABLE "price_versions" ADD COLUMN "service" text;--> statement-breakpoint
ALTER TABLE "ai_batch_requests" ADD CONSTRAINT "ai_batch_requests_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ai_batch_requests" ADD CONSTRAINT "ai_batch_requests_batch_id_ai_batches_id_fk" FOREIGN KEY ("batch_id") REFERENCES "public"."ai_batches"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ai_batch_requests" ADD CONSTRAINT "ai_batch_requests_generation_id_ai_generations_id_fk" FOREIGN KEY ("generation_id") REFERENCES "public"."ai_generations"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ai_batches" ADD CONSTRAINT "ai_batches_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ai_batches" ADD CONSTRAINT "ai_batches_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ai_batches" ADD CONSTRAINT "ai_batches_api_key_id_api_keys_id_fk" FOREIGN KEY ("api_key_id") REFERENCES "public"."api_keys"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "ai_batch_requests_organization_id_idx" ON "ai_batch_requests" USING btree ("organization_id");--> statement-breakpoint
CREATE INDEX "ai_batch_requests_generation_id_idx" ON "ai_batch_requests" USING btree ("generation_id");--> statement-breakpoint
CREATE INDEX "ai_batches_organization_id_idx" ON "ai_batches" USING btree ("organization_id","id");--> statement-breakpoint
CREATE INDEX "ai_batches_user_id_idx" ON "ai_batches" USING btree ("user_id","id");--> statement-breakpoint
CREATE INDEX "ai_batches_api_key_id_idx" ON "ai_batches" USING btree ("api_key_id","id");--> statement-breakpoint
CREATE INDEX "ai_batches_next_poll_at_idx" ON "ai_batches" USING btree ("next_poll_at") WHERE "ai_batches"."next_poll_at" is not null;--> statement-breakpoint
CREATE INDEX "ai_batches_ended_at_idx" ON "ai_batches" USING btree ("ended_at");--> statement-breakpoint
ALTER TABLE "price_versions" ADD CONSTRAINT "price_versions_service_check" CHECK ("price_versions"."service" in ('batch'));--> statement-breakpoint
select tenant_wall('ai_batch_requests');--> statement-breakpoint
grant select, insert, update, delete on ai_batch_requests to auralink_app, auralink_system;--> statement-breakpoint
select tenant_wall('ai_batches');--> statement-breakpoint
grant select, insert, update, delete on ai_batches to auralink_app, auralink_system;
