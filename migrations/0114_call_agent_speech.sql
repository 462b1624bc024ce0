CREATE TABLE "call_agent_speech" (
	"organization_id" text collate "C" NOT NULL,
	"call_agent_id" text collate "C" NOT NULL,
	"worker" text NOT NULL,
	"recognized_ms" integer NOT NULL,
	"spoken_characters" integer NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "call_agent_speech_pkey" PRIMARY KEY("call_agent_id","worker")
);
--> statement-breakpoint
ALTER TABLE "call_agents" DROP CONSTRAINT "call_agents_reason_check";--> statement-breakpoint
ALTER TABLE "call_agent_speech" ADD CONSTRAINT "call_agent_speech_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "call_agent_speech" ADD CONSTRAINT "call_agent_speech_call_agent_id_call_agents_id_fk" FOREIGN KEY ("call_agent_id") REFERENCES "public"."call_agents"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "call_agent_speech_organization_id_idx" ON "call_agent_speech" USING btree ("organization_id");--> statement-breakpoint
ALTER TABLE "call_agents" ADD CONSTRAINT "call_agents_reason_check" CHECK ("call_agents"."reason" in ('removed', 'call_over', 'agent_switched_off', 'inviter_gone', 'consent_needed', 'not_in_plan'));--> statement-breakpoint
select tenant_wall('call_agent_speech');--> statement-breakpoint
grant select, insert, update, delete on call_agent_speech to auralink_app, auralink_system;
