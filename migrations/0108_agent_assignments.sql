CREATE TABLE "agent_assignments" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"organization_id" text collate "C" NOT NULL,
	"room_id" text collate "C" NOT NULL,
	"link_id" text collate "C",
	"agent_id" text collate "C" NOT NULL,
	"user_id" text collate "C" NOT NULL,
	"last_call_id" text collate "C",
	"last_at" timestamp (3) with time zone,
	"last_refusal" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "agent_assignments_agent_key" UNIQUE NULLS NOT DISTINCT("room_id","agent_id","link_id")
);
--> statement-breakpoint
ALTER TABLE "agent_assignments" ADD CONSTRAINT "agent_assignments_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "agent_assignments" ADD CONSTRAINT "agent_assignments_room_id_rooms_id_fk" FOREIGN KEY ("room_id") REFERENCES "public"."rooms"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "agent_assignments" ADD CONSTRAINT "agent_assignments_link_id_links_id_fk" FOREIGN KEY ("link_id") REFERENCES "public"."links"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "agent_assignments" ADD CONSTRAINT "agent_assignments_agent_id_agents_id_fk" FOREIGN KEY ("agent_id") REFERENCES "public"."agents"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "agent_assignments" ADD CONSTRAINT "agent_assignments_last_call_id_calls_id_fk" FOREIGN KEY ("last_call_id") REFERENCES "public"."calls"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "agent_assignments" ADD CONSTRAINT "agent_assignments_member_fk" FOREIGN KEY ("organization_id","user_id") REFERENCES "public"."members"("organization_id","user_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "agent_assignments_organization_id_idx" ON "agent_assignments" USING btree ("organization_id");--> statement-breakpoint
CREATE INDEX "agent_assignments_agent_id_idx" ON "agent_assignments" USING btree ("agent_id");--> statement-breakpoint
CREATE INDEX "agent_assignments_link_id_idx" ON "agent_assignments" USING btree ("link_id");--> statement-breakpoint
CREATE INDEX "agent_assignments_last_call_id_idx" ON "agent_assignments" USING btree ("last_call_id");--> statement-breakpoint
CREATE INDEX "agent_assignments_user_id_idx" ON "agent_assignments" USING btree ("organization_id","user_id");--> statement-breakpoint
select tenant_wall('agent_assignments');--> statement-breakpoint
grant select, insert, update, delete on agent_assignments to auralink_app, auralink_system;
