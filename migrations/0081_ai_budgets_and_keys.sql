CREATE TABLE "ai_budgets" (
	"organization_id" text collate "C" PRIMARY KEY NOT NULL,
	"period" text NOT NULL,
	"limit_micros" bigint NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "ai_budgets_period_check" CHECK ("ai_budgets"."period" in ('day', 'month')),
	CONSTRAINT "ai_budgets_limit_micros_check" CHECK ("ai_budgets"."limit_micros" >= 0)
);
--> statement-breakpoint
CREATE TABLE "ai_provider_keys" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"organization_id" text collate "C" NOT NULL,
	"provider" text NOT NULL,
	"sealed_secret" text NOT NULL,
	"tested_at" timestamp (3) with time zone NOT NULL,
	"created_by" text collate "C",
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "ai_provider_keys_organization_id_provider_key" UNIQUE("organization_id","provider")
);
--> statement-breakpoint
ALTER TABLE "ai_budgets" ADD CONSTRAINT "ai_budgets_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ai_provider_keys" ADD CONSTRAINT "ai_provider_keys_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ai_provider_keys" ADD CONSTRAINT "ai_provider_keys_created_by_users_id_fk" FOREIGN KEY ("created_by") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "ai_provider_keys_created_by_idx" ON "ai_provider_keys" USING btree ("created_by");--> statement-breakpoint
select tenant_wall('ai_budgets');--> statement-breakpoint
grant select, insert, update, delete on ai_budgets to auralink_app, auralink_system;--> statement-breakpoint
select tenant_wall('ai_provider_keys');--> statement-breakpoint
grant select, insert, update, delete on ai_provider_keys to auralink_app, auralink_system;
