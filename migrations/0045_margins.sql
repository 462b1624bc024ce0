CREATE TABLE "cost_days" (
	"organization_id" text collate "C" NOT NULL,
	"day" timestamp (3) with time zone NOT NULL,
	"meter" text NOT NULL,
	"model" text NOT NULL,
	"amount_micros" bigint NOT NULL,
	"known" bigint NOT NULL,
	"unknown" bigint NOT NULL,
	"stale" boolean NOT NULL,
	CONSTRAINT "cost_days_organization_id_day_meter_model_pk" PRIMARY KEY("organization_id","day","meter","model")
);
--> statement-breakpoint
ALTER TABLE "cost_days" ADD CONSTRAINT "cost_days_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "cost_days_day_idx" ON "cost_days" USING btree ("day");--> statement-breakpoint
CREATE INDEX "cost_days_stale_idx" ON "cost_days" USING btree ("organization_id") WHERE "cost_days"."stale";--> statement-breakpoint
CREATE INDEX "invoices_paid_at_idx" ON "invoices" USING btree ("paid_at");--> statement-breakpoint
select tenant_wall('cost_days');--> statement-breakpoint
grant select on cost_days to auralink_app;--> statement-breakpoint
grant select, insert, update on cost_days to auralink_system;
--> statement-breakpoint
-- The days of lines that were written before.
insert into cost_days (organization_id, day, meter, model, amount_micros, known, unknown, stale)
select distinct l.organization_id, date_trunc('day', l.occurred_at, 'UTC'), l.meter, coalesce(u.dimensions ->> 'model', ''), 0, 0, 0, true
from cost_lines l join usage_events u on u.organization_id = l.organization_id and u.id = l.usage_id;
