ALTER TABLE "memory_consolidations" DROP CONSTRAINT "memory_consolidations_space_check";--> statement-breakpoint
ALTER TABLE "memories" DROP CONSTRAINT "memories_scope_check";--> statement-breakpoint
ALTER TABLE "memories" DROP CONSTRAINT "memories_space_check";--> statement-breakpoint
ALTER TABLE "memory_consolidations" ADD COLUMN "agent_id" text collate "C";--> statement-breakpoint
ALTER TABLE "memories" ADD COLUMN "agent_id" text collate "C";--> statement-breakpoint
ALTER TABLE "memory_consolidations" ADD CONSTRAINT "memory_consolidations_agent_id_agents_id_fk" FOREIGN KEY ("agent_id") REFERENCES "public"."agents"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "memories" ADD CONSTRAINT "memories_agent_id_agents_id_fk" FOREIGN KEY ("agent_id") REFERENCES "public"."agents"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "memory_consolidations_agent_id_idx" ON "memory_consolidations" USING btree ("agent_id");--> statement-breakpoint
CREATE INDEX "memories_agent_id_idx" ON "memories" USING btree ("agent_id");--> statement-breakpoint
ALTER TABLE "memory_consolidations" ADD CONSTRAINT "memory_consolidations_space_check" CHECK ("memory_consolidations"."space" = coalesce('person:' || "memory_consolidations"."user_id", 'agent:' || "memory_consolidations"."agent_id", 'room:' || "memory_consolidations"."room_id", 'organization'));--> statement-breakpoint
ALTER TABLE "memories" ADD CONSTRAINT "memories_agent_check" CHECK (("memories"."scope" = 'agent') = ("memories"."agent_id" is not null));--> statement-breakpoint
ALTER TABLE "memories" ADD CONSTRAINT "memories_scope_check" CHECK ("memories"."scope" in ('person', 'agent', 'room', 'organization'));--> statement-breakpoint
ALTER TABLE "memories" ADD CONSTRAINT "memories_space_check" CHECK ("memories"."space" = case "memories"."scope" when 'person' then 'person:' || "memories"."user_id" when 'agent' then 'agent:' || "memories"."agent_id" when 'room' then 'room:' || "memories"."room_id" else "memories"."scope" end);

--> statement-breakpoint
-- What an agent remembers shows to those to whom the agent does, whatever a query of the product forgets: of one for managers to its author, and
-- to those who manage agents.
do $$
declare
  of_memory text;
begin
  foreach of_memory in array array['memories', 'memory_sources', 'memory_versions', 'memory_chunks', 'memory_vectors'] loop
    execute format(
      $policy$create policy agent on %I as restrictive to auralink_app using (
        not starts_with(space, 'agent:') or space in (
          select 'agent:' || a.id from agents a
          where a.audience = 'organization' or a.author = (select current_actor())
            or exists (
              select from members m where m.organization_id = a.organization_id and m.user_id = (select current_actor())
                and m.role in ('owner', 'admin'))
            or exists (select from api_keys k where k.id = (select current_actor()) and k.scopes ? 'admin')))$policy$,
      of_memory);
  end loop;
end $$;
