CREATE TABLE "ai_personal_preferences" (
	"organization_id" text collate "C" NOT NULL,
	"user_id" text collate "C" NOT NULL,
	"default_model" text,
	"policy" text,
	"allowed_models" jsonb,
	"blocked_models" jsonb NOT NULL,
	"most_micros" bigint,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "ai_personal_preferences_organization_id_user_id_pk" PRIMARY KEY("organization_id","user_id"),
	CONSTRAINT "ai_personal_preferences_policy_check" CHECK ("ai_personal_preferences"."policy" in ('cheapest', 'fastest'))
);
--> statement-breakpoint
CREATE TABLE "ai_preferences" (
	"organization_id" text collate "C" PRIMARY KEY NOT NULL,
	"default_model" text,
	"policy" text,
	"allowed_models" jsonb,
	"blocked_models" jsonb NOT NULL,
	"most_micros" bigint,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "ai_preferences_policy_check" CHECK ("ai_preferences"."policy" in ('cheapest', 'fastest'))
);
--> statement-breakpoint
ALTER TABLE "ai_generations" ADD COLUMN "route" jsonb;--> statement-breakpoint
ALTER TABLE "ai_personal_preferences" ADD CONSTRAINT "ai_personal_preferences_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ai_personal_preferences" ADD CONSTRAINT "ai_personal_preferences_member_fk" FOREIGN KEY ("organization_id","user_id") REFERENCES "public"."members"("organization_id","user_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ai_preferences" ADD CONSTRAINT "ai_preferences_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "ai_generations_running_idx" ON "ai_generations" USING btree ("organization_id","own_key") WHERE status = 'running';--> statement-breakpoint
select tenant_wall('ai_personal_preferences');--> statement-breakpoint
grant select, insert, update, delete on ai_personal_preferences to auralink_app, auralink_system;--> statement-breakpoint
select tenant_wall('ai_preferences');--> statement-breakpoint
grant select, insert, update, delete on ai_preferences to auralink_app, auralink_system;
--> statement-breakpoint
create policy owner on ai_personal_preferences as restrictive to auralink_app using (user_id = (select current_actor()));
