CREATE TABLE "invoice_reconciliations" (
	"organization_id" text collate "C" PRIMARY KEY NOT NULL,
	"attempted_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "billing_reconciliations" ALTER COLUMN "reconciled_at" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "billing_reconciliations" ADD COLUMN "attempted_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "invoice_reconciliations" ADD CONSTRAINT "invoice_reconciliations_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "invoice_reconciliations_attempted_at_idx" ON "invoice_reconciliations" USING btree ("attempted_at");--> statement-breakpoint
select tenant_wall('invoice_reconciliations');--> statement-breakpoint
grant select on invoice_reconciliations to auralink_app;--> statement-breakpoint
grant select, insert, update on invoice_reconciliations to auralink_system;
