CREATE TABLE "billing_reconciliations" (
	"organization_id" text collate "C" PRIMARY KEY NOT NULL,
	"reconciled_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "billing_repairs" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"organization_id" text collate "C" NOT NULL,
	"provider" text NOT NULL,
	"object_id" text NOT NULL,
	"fields" jsonb NOT NULL,
	"repaired_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "billing_repairs_provider_check" CHECK ("billing_repairs"."provider" in ('stripe', 'paddle'))
);
--> statement-breakpoint
ALTER TABLE "billing_reconciliations" ADD CONSTRAINT "billing_reconciliations_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "billing_repairs" ADD CONSTRAINT "billing_repairs_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "billing_reconciliations_reconciled_at_idx" ON "billing_reconciliations" USING btree ("reconciled_at");--> statement-breakpoint
CREATE INDEX "billing_repairs_organization_id_idx" ON "billing_repairs" USING btree ("organization_id","id");--> statement-breakpoint
select tenant_wall('billing_reconciliations');--> statement-breakpoint
grant select on billing_reconciliations to auralink_app;--> statement-breakpoint
grant select, insert, update on billing_reconciliations to auralink_system;--> statement-breakpoint
select tenant_wall('billing_repairs');--> statement-breakpoint
grant select on billing_repairs to auralink_app;--> statement-breakpoint
grant select, insert on billing_repairs to auralink_system;
