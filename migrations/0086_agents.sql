CREATE TABLE "agent_conversations" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"organization_id" text collate "C" NOT NULL,
	"agent_id" text collate "C" NOT NULL,
	"owner" text NOT NULL,
	"user_id" text collate "C",
	"api_key_id" text collate "C",
	"title" text,
	"shared" boolean NOT NULL,
	"message_count" integer NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "agent_conversations_owner_check" CHECK ("agent_conversations"."owner" = coalesce("agent_conversations"."user_id", "agent_conversations"."api_key_id"))
);
--> statement-breakpoint
CREATE TABLE "agent_messages" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"organization_id" text collate "C" NOT NULL,
	"conversation_id" text collate "C" NOT NULL,
	"owner" text NOT NULL,
	"position" integer NOT NULL,
	"kind" text NOT NULL,
	"state" text NOT NULL,
	"failure" text,
	"text" text NOT NULL,
	"sources" jsonb NOT NULL,
	"agent_version" integer,
	"generation_id" text collate "C",
	"created_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "agent_messages_kind_check" CHECK ("agent_messages"."kind" in ('question', 'answer')),
	CONSTRAINT "agent_messages_state_check" CHECK ("agent_messages"."state" in ('running', 'complete', 'failed', 'cancelled')),
	CONSTRAINT "agent_messages_failure_check" CHECK ("agent_messages"."failure" in ('not_configured', 'out_of_budget', 'out_of_time', 'interrupted', 'output_too_large', 'key_refused', 'request_refused', 'no_credit', 'busy', 'overloaded', 'unavailable', 'stalled', 'cut', 'malformed', 'too_large'))
);
--> statement-breakpoint
CREATE TABLE "agent_versions" (
	"organization_id" text collate "C" NOT NULL,
	"agent_id" text collate "C" NOT NULL,
	"number" integer NOT NULL,
	"definition" jsonb NOT NULL,
	"author" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "agent_versions_agent_id_number_pk" PRIMARY KEY("agent_id","number")
);
--> statement-breakpoint
CREATE TABLE "agents" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"organization_id" text collate "C" NOT NULL,
	"name" text NOT NULL,
	"description" text NOT NULL,
	"enabled" boolean NOT NULL,
	"audience" text NOT NULL,
	"active_version" integer NOT NULL,
	"newest_version" integer NOT NULL,
	"author" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "agents_audience_check" CHECK ("agents"."audience" in ('organization', 'managers'))
);
--> statement-breakpoint
ALTER TABLE "agent_conversations" ADD CONSTRAINT "agent_conversations_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "agent_conversations" ADD CONSTRAINT "agent_conversations_agent_id_agents_id_fk" FOREIGN KEY ("agent_id") REFERENCES "public"."agents"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "agent_conversations" ADD CONSTRAINT "agent_conversations_api_key_id_api_keys_id_fk" FOREIGN KEY ("api_key_id") REFERENCES "public"."api_keys"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "agent_conversations" ADD CONSTRAINT "agent_conversations_member_fk" FOREIGN KEY ("organization_id","user_id") REFERENCES "public"."members"("organization_id","user_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "agent_messages" ADD CONSTRAINT "agent_messages_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "agent_messages" ADD CONSTRAINT "agent_messages_conversation_id_agent_conversations_id_fk" FOREIGN KEY ("conversation_id") REFERENCES "public"."agent_conversations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "agent_messages" ADD CONSTRAINT "agent_messages_generation_id_ai_generations_id_fk" FOREIGN KEY ("generation_id") REFERENCES "public"."ai_generations"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "agent_versions" ADD CONSTRAINT "agent_versions_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "agent_versions" ADD CONSTRAINT "agent_versions_agent_id_agents_id_fk" FOREIGN KEY ("agent_id") REFERENCES "public"."agents"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "agents" ADD CONSTRAINT "agents_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "agent_conversations_owner_idx" ON "agent_conversations" USING btree ("organization_id","owner","id");--> statement-breakpoint
CREATE INDEX "agent_conversations_agent_id_idx" ON "agent_conversations" USING btree ("agent_id");--> statement-breakpoint
CREATE INDEX "agent_conversations_user_id_idx" ON "agent_conversations" USING btree ("organization_id","user_id");--> statement-breakpoint
CREATE INDEX "agent_conversations_api_key_id_idx" ON "agent_conversations" USING btree ("api_key_id");--> statement-breakpoint
CREATE UNIQUE INDEX "agent_messages_position_key" ON "agent_messages" USING btree ("conversation_id","position");--> statement-breakpoint
CREATE INDEX "agent_messages_organization_id_idx" ON "agent_messages" USING btree ("organization_id");--> statement-breakpoint
CREATE INDEX "agent_messages_generation_id_idx" ON "agent_messages" USING btree ("generation_id");--> statement-breakpoint
CREATE INDEX "agent_versions_organization_id_idx" ON "agent_versions" USING btree ("organization_id");--> statement-breakpoint
CREATE INDEX "agents_organization_id_idx" ON "agents" USING btree ("organization_id","id");--> statement-breakpoint
select tenant_wall('agent_conversations');--> statement-breakpoint
grant select, insert, update, delete on agent_conversations to auralink_app, auralink_system;--> statement-breakpoint
select tenant_wall('agent_messages');--> statement-breakpoint
grant select, insert, update, delete on agent_messages to auralink_app, auralink_system;--> statement-breakpoint
select tenant_wall('agent_versions');--> statement-breakpoint
grant select, insert, update, delete on agent_versions to auralink_app, auralink_system;--> statement-breakpoint
select tenant_wall('agents');--> statement-breakpoint
grant select, insert, update, delete on agents to auralink_app, auralink_system;

--> statement-breakpoint
-- What somebody and an agent say to each other is theirs alone until they share it, whatever a query of the product forgets.
create policy owner on agent_conversations as restrictive to auralink_app
  using (shared or owner = (select current_actor())) with check (owner = (select current_actor()));
--> statement-breakpoint
create policy owner on agent_messages as restrictive to auralink_app
  using (owner = (select current_actor()) or exists (select from agent_conversations c where c.id = conversation_id and c.shared))
  with check (owner = (select current_actor()));
