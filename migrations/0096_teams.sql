CREATE TABLE "team_runs" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"organization_id" text collate "C" NOT NULL,
	"team_id" text collate "C",
	"owner" text NOT NULL,
	"user_id" text collate "C",
	"api_key_id" text collate "C",
	"team" jsonb NOT NULL,
	"task" text NOT NULL,
	"state" text NOT NULL,
	"reason" text,
	"error_code" text,
	"result" text,
	"agreed" boolean,
	"turn_count" integer NOT NULL,
	"spent_micros" bigint NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"ends_by" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "team_runs_owner_check" CHECK ("team_runs"."owner" = coalesce("team_runs"."user_id", "team_runs"."api_key_id")),
	CONSTRAINT "team_runs_state_check" CHECK ("team_runs"."state" in ('running', 'completed', 'incomplete', 'stopped', 'failed')),
	CONSTRAINT "team_runs_reason_check" CHECK ("team_runs"."reason" in ('out_of_run_budget', 'out_of_budget', 'out_of_turns', 'out_of_time', 'access_ended', 'not_included', 'member_gone', 'team_deleted', 'turn_failed', 'turn_refused', 'plan_not_readable')),
	CONSTRAINT "team_runs_ended_check" CHECK (("team_runs"."state" = 'running') = ("team_runs"."ended_at" is null)),
	CONSTRAINT "team_runs_reason_state_check" CHECK (("team_runs"."state" = 'incomplete' or "team_runs"."state" = 'failed') = ("team_runs"."reason" is not null))
);
--> statement-breakpoint
CREATE TABLE "team_turns" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"organization_id" text collate "C" NOT NULL,
	"run_id" text collate "C" NOT NULL,
	"owner" text NOT NULL,
	"position" integer NOT NULL,
	"round" integer NOT NULL,
	"member" integer NOT NULL,
	"purpose" text NOT NULL,
	"agent_id" text collate "C",
	"agent_version" integer NOT NULL,
	"state" text NOT NULL,
	"failure" text,
	"text" text NOT NULL,
	"generation_id" text collate "C",
	"attempts" integer NOT NULL,
	"ask_after" timestamp (3) with time zone,
	"reserved_micros" bigint,
	"cost_micros" bigint,
	"created_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "team_turns_purpose_check" CHECK ("team_turns"."purpose" in ('work', 'plan', 'part', 'join', 'answer', 'vote')),
	CONSTRAINT "team_turns_state_check" CHECK ("team_turns"."state" in ('running', 'complete', 'failed', 'cancelled')),
	CONSTRAINT "team_turns_failure_check" CHECK ("team_turns"."failure" in ('not_configured', 'access_ended', 'out_of_budget', 'out_of_time', 'interrupted', 'output_too_large', 'key_refused', 'request_refused', 'no_credit', 'busy', 'overloaded', 'unavailable', 'stalled', 'cut', 'malformed', 'too_large')),
	CONSTRAINT "team_turns_ended_check" CHECK (("team_turns"."state" = 'running') = ("team_turns"."ended_at" is null))
);
--> statement-breakpoint
CREATE TABLE "agent_teams" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"organization_id" text collate "C" NOT NULL,
	"name" text NOT NULL,
	"description" text NOT NULL,
	"mode" text NOT NULL,
	"members" jsonb NOT NULL,
	"rounds" integer NOT NULL,
	"turn_limit" integer NOT NULL,
	"budget_micros" bigint,
	"time_limit_seconds" integer NOT NULL,
	"author" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "agent_teams_mode_check" CHECK ("agent_teams"."mode" in ('sequential', 'hierarchical', 'consensus'))
);
--> statement-breakpoint
ALTER TABLE "team_runs" ADD CONSTRAINT "team_runs_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "team_runs" ADD CONSTRAINT "team_runs_team_id_agent_teams_id_fk" FOREIGN KEY ("team_id") REFERENCES "public"."agent_teams"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "team_runs" ADD CONSTRAINT "team_runs_api_key_id_api_keys_id_fk" FOREIGN KEY ("api_key_id") REFERENCES "public"."api_keys"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "team_runs" ADD CONSTRAINT "team_runs_member_fk" FOREIGN KEY ("organization_id","user_id") REFERENCES "public"."members"("organization_id","user_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "team_turns" ADD CONSTRAINT "team_turns_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "team_turns" ADD CONSTRAINT "team_turns_run_id_team_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."team_runs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "team_turns" ADD CONSTRAINT "team_turns_agent_id_agents_id_fk" FOREIGN KEY ("agent_id") REFERENCES "public"."agents"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "team_turns" ADD CONSTRAINT "team_turns_generation_id_ai_generations_id_fk" FOREIGN KEY ("generation_id") REFERENCES "public"."ai_generations"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "agent_teams" ADD CONSTRAINT "agent_teams_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "team_runs_owner_idx" ON "team_runs" USING btree ("organization_id","owner","id");--> statement-breakpoint
CREATE INDEX "team_runs_team_id_idx" ON "team_runs" USING btree ("team_id");--> statement-breakpoint
CREATE INDEX "team_runs_user_id_idx" ON "team_runs" USING btree ("organization_id","user_id");--> statement-breakpoint
CREATE INDEX "team_runs_api_key_id_idx" ON "team_runs" USING btree ("api_key_id");--> statement-breakpoint
CREATE INDEX "team_runs_running_idx" ON "team_runs" USING btree ("organization_id") WHERE "team_runs"."ended_at" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "team_turns_position_key" ON "team_turns" USING btree ("run_id","position");--> statement-breakpoint
CREATE INDEX "team_turns_organization_id_idx" ON "team_turns" USING btree ("organization_id");--> statement-breakpoint
CREATE INDEX "team_turns_agent_id_idx" ON "team_turns" USING btree ("agent_id");--> statement-breakpoint
CREATE INDEX "team_turns_generation_id_idx" ON "team_turns" USING btree ("generation_id");--> statement-breakpoint
CREATE INDEX "team_turns_running_idx" ON "team_turns" USING btree ("run_id") WHERE "team_turns"."ended_at" is null;--> statement-breakpoint
CREATE INDEX "agent_teams_organization_id_idx" ON "agent_teams" USING btree ("organization_id","id");--> statement-breakpoint
select tenant_wall('team_runs');--> statement-breakpoint
grant select, insert, update, delete on team_runs to auralink_app, auralink_system;--> statement-breakpoint
select tenant_wall('team_turns');--> statement-breakpoint
grant select, insert, update, delete on team_turns to auralink_app, auralink_system;--> statement-breakpoint
select tenant_wall('agent_teams');--> statement-breakpoint
grant select, insert, update, delete on agent_teams to auralink_app, auralink_system;

--> statement-breakpoint
-- What a team does for somebody is theirs alone, whatever a query of the product forgets.
create policy owner on team_runs as restrictive to auralink_app
  using (owner = (select current_actor())) with check (owner = (select current_actor()));
--> statement-breakpoint
create policy owner on team_turns as restrictive to auralink_app
  using (owner = (select current_actor())) with check (owner = (select current_actor()));
