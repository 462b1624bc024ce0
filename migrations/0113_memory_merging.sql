CREATE TABLE "memory_consolidation_settings" (
	"organization_id" text collate "C" NOT NULL,
	"space" text NOT NULL,
	"user_id" text collate "C",
	"merge_same" boolean NOT NULL,
	"most_memories" integer,
	"forget_unused_days" integer,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "memory_consolidation_settings_organization_id_space_pk" PRIMARY KEY("organization_id","space"),
	CONSTRAINT "memory_consolidation_settings_space_check" CHECK ("memory_consolidation_settings"."space" = coalesce('person:' || "memory_consolidation_settings"."user_id", 'organization'))
);
--> statement-breakpoint
CREATE TABLE "memory_consolidations" (
	"organization_id" text collate "C" NOT NULL,
	"space" text NOT NULL,
	"user_id" text collate "C",
	"room_id" text collate "C",
	"due_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "memory_consolidations_organization_id_space_pk" PRIMARY KEY("organization_id","space"),
	CONSTRAINT "memory_consolidations_space_check" CHECK ("memory_consolidations"."space" = coalesce('person:' || "memory_consolidations"."user_id", 'room:' || "memory_consolidations"."room_id", 'organization'))
);
--> statement-breakpoint
ALTER TABLE "memories" ADD COLUMN "kept_apart" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "memories" ADD COLUMN "word_hash" text;--> statement-breakpoint
ALTER TABLE "memories" ADD COLUMN "used_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "memory_consolidation_settings" ADD CONSTRAINT "memory_consolidation_settings_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "memory_consolidation_settings" ADD CONSTRAINT "memory_consolidation_settings_member_fk" FOREIGN KEY ("organization_id","user_id") REFERENCES "public"."members"("organization_id","user_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "memory_consolidations" ADD CONSTRAINT "memory_consolidations_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "memory_consolidations" ADD CONSTRAINT "memory_consolidations_room_id_rooms_id_fk" FOREIGN KEY ("room_id") REFERENCES "public"."rooms"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "memory_consolidations" ADD CONSTRAINT "memory_consolidations_member_fk" FOREIGN KEY ("organization_id","user_id") REFERENCES "public"."members"("organization_id","user_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "memory_consolidation_settings_user_id_idx" ON "memory_consolidation_settings" USING btree ("organization_id","user_id");--> statement-breakpoint
CREATE INDEX "memory_consolidations_user_id_idx" ON "memory_consolidations" USING btree ("organization_id","user_id");--> statement-breakpoint
CREATE INDEX "memory_consolidations_room_id_idx" ON "memory_consolidations" USING btree ("room_id");--> statement-breakpoint
CREATE INDEX "memory_consolidations_due_at_idx" ON "memory_consolidations" USING btree ("due_at");--> statement-breakpoint
CREATE INDEX "memories_word_hash_idx" ON "memories" USING btree ("organization_id","space","word_hash") WHERE "memories"."merged_into" is null;--> statement-breakpoint
select tenant_wall('memory_consolidation_settings');--> statement-breakpoint
grant select, insert, update, delete on memory_consolidation_settings to auralink_app, auralink_system;--> statement-breakpoint
select tenant_wall('memory_consolidations');--> statement-breakpoint
grant select, insert, update, delete on memory_consolidations to auralink_app, auralink_system;

--> statement-breakpoint
-- What a person decides about their own memory shows to them alone.
create policy owner on memory_consolidation_settings as restrictive to auralink_app
  using (user_id is null or user_id = (select current_actor()));
--> statement-breakpoint
create policy owner on memory_consolidations as restrictive to auralink_app
  using (user_id is null or user_id = (select current_actor()));
--> statement-breakpoint
-- What was stored before is looked at, too.
set local role auralink_system;
--> statement-breakpoint
insert into memory_consolidations (organization_id, space, user_id, room_id, due_at)
  select distinct organization_id, space, user_id, room_id, now() from memories;
--> statement-breakpoint
reset role;
