CREATE TABLE "usage_alerts" (
	"organization_id" text collate "C" NOT NULL,
	"period_starts_at" timestamp (3) with time zone NOT NULL,
	"meter" text NOT NULL,
	"quantity" bigint NOT NULL,
	"percent" integer,
	"used_quantity" bigint NOT NULL,
	"reached_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "usage_alerts_organization_id_period_starts_at_meter_quantity_pk" PRIMARY KEY("organization_id","period_starts_at","meter","quantity")
);
--> statement-breakpoint
CREATE TABLE "usage_thresholds" (
	"organization_id" text collate "C" PRIMARY KEY NOT NULL,
	"thresholds" jsonb NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "usage_alerts" ADD CONSTRAINT "usage_alerts_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "usage_thresholds" ADD CONSTRAINT "usage_thresholds_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
select tenant_wall('usage_alerts');--> statement-breakpoint
grant select, insert on usage_alerts to auralink_app, auralink_system;--> statement-breakpoint
select tenant_wall('usage_thresholds');--> statement-breakpoint
grant select, insert, update on usage_thresholds to auralink_app, auralink_system;
