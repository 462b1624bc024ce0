CREATE TABLE "call_agents" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"organization_id" text collate "C" NOT NULL,
	"room_id" text collate "C" NOT NULL,
	"call_id" text collate "C" NOT NULL,
	"cluster" text NOT NULL,
	"participant_id" text collate "C" NOT NULL,
	"agent_id" text collate "C" NOT NULL,
	"conversation_id" text collate "C" NOT NULL,
	"user_id" text collate "C" NOT NULL,
	"name" text NOT NULL,
	"state" text NOT NULL,
	"reason" text,
	"worker" text,
	"lease_until" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "call_agents_state_check" CHECK ("call_agents"."state" in ('requested', 'active', 'ended')),
	CONSTRAINT "call_agents_reason_check" CHECK ("call_agents"."reason" in ('removed', 'call_over', 'agent_switched_off', 'inviter_gone', 'consent_needed'))
);
--> statement-breakpoint
ALTER TABLE "call_agents" ADD CONSTRAINT "call_agents_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "call_agents" ADD CONSTRAINT "call_agents_room_id_rooms_id_fk" FOREIGN KEY ("room_id") REFERENCES "public"."rooms"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "call_agents" ADD CONSTRAINT "call_agents_call_id_calls_id_fk" FOREIGN KEY ("call_id") REFERENCES "public"."calls"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "call_agents" ADD CONSTRAINT "call_agents_participant_id_call_participants_id_fk" FOREIGN KEY ("participant_id") REFERENCES "public"."call_participants"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "call_agents" ADD CONSTRAINT "call_agents_agent_id_agents_id_fk" FOREIGN KEY ("agent_id") REFERENCES "public"."agents"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "call_agents" ADD CONSTRAINT "call_agents_conversation_id_agent_conversations_id_fk" FOREIGN KEY ("conversation_id") REFERENCES "public"."agent_conversations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "call_agents" ADD CONSTRAINT "call_agents_member_fk" FOREIGN KEY ("organization_id","user_id") REFERENCES "public"."members"("organization_id","user_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "call_agents_organization_id_idx" ON "call_agents" USING btree ("organization_id","state");--> statement-breakpoint
CREATE INDEX "call_agents_room_id_idx" ON "call_agents" USING btree ("room_id","id");--> statement-breakpoint
CREATE INDEX "call_agents_call_id_idx" ON "call_agents" USING btree ("call_id");--> statement-breakpoint
CREATE INDEX "call_agents_participant_id_idx" ON "call_agents" USING btree ("participant_id");--> statement-breakpoint
CREATE INDEX "call_agents_agent_id_idx" ON "call_agents" USING btree ("agent_id");--> statement-breakpoint
CREATE INDEX "call_agents_conversation_id_idx" ON "call_agents" USING btree ("conversation_id");--> statement-breakpoint
CREATE INDEX "call_agents_user_id_idx" ON "call_agents" USING btree ("organization_id","user_id");--> statement-breakpoint
CREATE INDEX "call_agents_state_idx" ON "call_agents" USING btree ("state","lease_until");--> statement-breakpoint
select tenant_wall('call_agents');--> statement-breakpoint
grant select, insert, update, delete on call_agents to auralink_app, auralink_system;
