CREATE TABLE "entitlement_grants" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"organization_id" text collate "C" NOT NULL,
	"kind" text NOT NULL,
	"name" text NOT NULL,
	"value" bigint NOT NULL,
	"reason" text NOT NULL,
	"starts_at" timestamp (3) with time zone NOT NULL,
	"ends_at" timestamp (3) with time zone,
	"revoked_at" timestamp (3) with time zone,
	"created_by" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "entitlement_grants_kind_check" CHECK ("entitlement_grants"."kind" in ('limit', 'feature', 'credit')),
	CONSTRAINT "entitlement_grants_value_check" CHECK ("entitlement_grants"."value" >= 0)
);
--> statement-breakpoint
ALTER TABLE "organizations" ADD COLUMN "plan_version" integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE "entitlement_grants" ADD CONSTRAINT "entitlement_grants_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "entitlement_grants_organization_id_idx" ON "entitlement_grants" USING btree ("organization_id","id");--> statement-breakpoint
select tenant_wall('entitlement_grants');--> statement-breakpoint
grant select on entitlement_grants to auralink_app;--> statement-breakpoint
grant select, insert, update, delete on entitlement_grants to auralink_system;
