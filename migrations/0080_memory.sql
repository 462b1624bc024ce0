create extension if not exists vector;
--> statement-breakpoint
CREATE TABLE "memory_vectors" (
	"chunk_id" text PRIMARY KEY NOT NULL,
	"organization_id" text collate "C" NOT NULL,
	"space" text NOT NULL,
	"model" text NOT NULL,
	"embedding" halfvec(384),
	"embedded_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "memories" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"organization_id" text collate "C" NOT NULL,
	"scope" text NOT NULL,
	"space" text NOT NULL,
	"user_id" text collate "C",
	"room_id" text collate "C",
	"content" text NOT NULL,
	"content_hash" text NOT NULL,
	"author" text NOT NULL,
	"merged_into" text collate "C",
	"expires_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "memories_scope_check" CHECK ("memories"."scope" in ('person', 'room', 'organization')),
	CONSTRAINT "memories_space_check" CHECK ("memories"."space" = case "memories"."scope" when 'person' then 'person:' || "memories"."user_id" when 'room' then 'room:' || "memories"."room_id" else "memories"."scope" end),
	CONSTRAINT "memories_person_check" CHECK (("memories"."scope" = 'person') = ("memories"."user_id" is not null)),
	CONSTRAINT "memories_room_check" CHECK (("memories"."scope" = 'room') = ("memories"."room_id" is not null))
);
--> statement-breakpoint
CREATE TABLE "memory_chunks" (
	"id" text PRIMARY KEY NOT NULL,
	"organization_id" text collate "C" NOT NULL,
	"memory_id" text collate "C" NOT NULL,
	"space" text NOT NULL,
	"text" text NOT NULL,
	"search" tsvector NOT NULL,
	"active" boolean DEFAULT true NOT NULL
);
--> statement-breakpoint
CREATE TABLE "memory_settings" (
	"organization_id" text collate "C" NOT NULL,
	"user_id" text collate "C" NOT NULL,
	"enabled" boolean NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "memory_settings_organization_id_user_id_pk" PRIMARY KEY("organization_id","user_id")
);
--> statement-breakpoint
CREATE TABLE "memory_sources" (
	"organization_id" text collate "C" NOT NULL,
	"memory_id" text collate "C" NOT NULL,
	"space" text NOT NULL,
	"kind" text NOT NULL,
	"source_id" text NOT NULL,
	"cited_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "memory_sources_memory_id_kind_source_id_pk" PRIMARY KEY("memory_id","kind","source_id"),
	CONSTRAINT "memory_sources_kind_check" CHECK ("memory_sources"."kind" in ('manual', 'message', 'file', 'recording', 'memory'))
);
--> statement-breakpoint
CREATE TABLE "memory_versions" (
	"organization_id" text collate "C" NOT NULL,
	"memory_id" text collate "C" NOT NULL,
	"space" text NOT NULL,
	"version" integer NOT NULL,
	"content" text NOT NULL,
	"corrected_by" text NOT NULL,
	"corrected_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "memory_versions_memory_id_version_pk" PRIMARY KEY("memory_id","version")
);
--> statement-breakpoint
ALTER TABLE "memory_vectors" ADD CONSTRAINT "memory_vectors_chunk_id_memory_chunks_id_fk" FOREIGN KEY ("chunk_id") REFERENCES "public"."memory_chunks"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "memory_vectors" ADD CONSTRAINT "memory_vectors_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "memories" ADD CONSTRAINT "memories_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "memories" ADD CONSTRAINT "memories_room_id_rooms_id_fk" FOREIGN KEY ("room_id") REFERENCES "public"."rooms"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "memories" ADD CONSTRAINT "memories_merged_into_memories_id_fk" FOREIGN KEY ("merged_into") REFERENCES "public"."memories"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "memories" ADD CONSTRAINT "memories_member_fk" FOREIGN KEY ("organization_id","user_id") REFERENCES "public"."members"("organization_id","user_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "memory_chunks" ADD CONSTRAINT "memory_chunks_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "memory_chunks" ADD CONSTRAINT "memory_chunks_memory_id_memories_id_fk" FOREIGN KEY ("memory_id") REFERENCES "public"."memories"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "memory_settings" ADD CONSTRAINT "memory_settings_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "memory_settings" ADD CONSTRAINT "memory_settings_member_fk" FOREIGN KEY ("organization_id","user_id") REFERENCES "public"."members"("organization_id","user_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "memory_sources" ADD CONSTRAINT "memory_sources_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "memory_sources" ADD CONSTRAINT "memory_sources_memory_id_memories_id_fk" FOREIGN KEY ("memory_id") REFERENCES "public"."memories"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "memory_versions" ADD CONSTRAINT "memory_versions_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "memory_versions" ADD CONSTRAINT "memory_versions_memory_id_memories_id_fk" FOREIGN KEY ("memory_id") REFERENCES "public"."memories"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "memory_vectors_space_idx" ON "memory_vectors" USING btree ("organization_id","space");--> statement-breakpoint
CREATE INDEX "memory_vectors_embedding_idx" ON "memory_vectors" USING hnsw ("embedding" halfvec_ip_ops);--> statement-breakpoint
CREATE UNIQUE INDEX "memories_content_key" ON "memories" USING btree ("organization_id","space","content_hash");--> statement-breakpoint
CREATE INDEX "memories_space_idx" ON "memories" USING btree ("organization_id","space","id");--> statement-breakpoint
CREATE INDEX "memories_user_id_idx" ON "memories" USING btree ("organization_id","user_id");--> statement-breakpoint
CREATE INDEX "memories_room_id_idx" ON "memories" USING btree ("room_id");--> statement-breakpoint
CREATE INDEX "memories_merged_into_idx" ON "memories" USING btree ("merged_into");--> statement-breakpoint
CREATE INDEX "memories_expires_at_idx" ON "memories" USING btree ("expires_at") WHERE "memories"."expires_at" is not null;--> statement-breakpoint
CREATE INDEX "memory_chunks_organization_id_idx" ON "memory_chunks" USING btree ("organization_id");--> statement-breakpoint
CREATE INDEX "memory_chunks_memory_id_idx" ON "memory_chunks" USING btree ("memory_id");--> statement-breakpoint
CREATE INDEX "memory_chunks_search_idx" ON "memory_chunks" USING gin ("search");--> statement-breakpoint
CREATE INDEX "memory_sources_source_idx" ON "memory_sources" USING btree ("organization_id","kind","source_id");--> statement-breakpoint
CREATE INDEX "memory_versions_organization_id_idx" ON "memory_versions" USING btree ("organization_id");--> statement-breakpoint
select tenant_wall('memory_vectors');--> statement-breakpoint
grant select, insert, update, delete on memory_vectors to auralink_app, auralink_system;--> statement-breakpoint
select tenant_wall('memories');--> statement-breakpoint
grant select, insert, update, delete on memories to auralink_app, auralink_system;--> statement-breakpoint
select tenant_wall('memory_chunks');--> statement-breakpoint
grant select, insert, update, delete on memory_chunks to auralink_app, auralink_system;--> statement-breakpoint
select tenant_wall('memory_settings');--> statement-breakpoint
grant select, insert, update, delete on memory_settings to auralink_app, auralink_system;--> statement-breakpoint
select tenant_wall('memory_sources');--> statement-breakpoint
grant select, insert, update, delete on memory_sources to auralink_app, auralink_system;--> statement-breakpoint
select tenant_wall('memory_versions');--> statement-breakpoint
grant select, insert, update, delete on memory_versions to auralink_app, auralink_system;
--> statement-breakpoint
-- What a person keeps for themselves is theirs alone, whatever a query of the product forgets.
create policy owner on memories as restrictive to auralink_app
  using (not starts_with(space, 'person:') or space = 'person:' || (select current_actor()));
--> statement-breakpoint
create policy owner on memory_sources as restrictive to auralink_app
  using (not starts_with(space, 'person:') or space = 'person:' || (select current_actor()));
--> statement-breakpoint
create policy owner on memory_versions as restrictive to auralink_app
  using (not starts_with(space, 'person:') or space = 'person:' || (select current_actor()));
--> statement-breakpoint
create policy owner on memory_chunks as restrictive to auralink_app
  using (not starts_with(space, 'person:') or space = 'person:' || (select current_actor()));
--> statement-breakpoint
create policy owner on memory_vectors as restrictive to auralink_app
  using (not starts_with(space, 'person:') or space = 'person:' || (select current_actor()));
--> statement-breakpoint
create policy owner on memory_settings as restrictive to auralink_app using (user_id = (select current_actor()));
