CREATE TABLE "spending_alerts" (
	"organization_id" text collate "C" NOT NULL,
	"month_starts_at" timestamp (3) with time zone NOT NULL,
	"limit_micros" bigint NOT NULL,
	"percent" integer NOT NULL,
	"spent_micros" bigint NOT NULL,
	"reached_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "spending_alerts_pkey" PRIMARY KEY("organization_id","month_starts_at","limit_micros","percent")
);
--> statement-breakpoint
CREATE TABLE "spending_limits" (
	"organization_id" text collate "C" PRIMARY KEY NOT NULL,
	"limit_micros" bigint NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"counted_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "spending_limits_limit_check" CHECK ("spending_limits"."limit_micros" >= 0)
);
--> statement-breakpoint
CREATE TABLE "minute_budgets" (
	"organization_id" text collate "C" PRIMARY KEY NOT NULL,
	"month_starts_at" timestamp (3) with time zone NOT NULL,
	"left_ms" bigint NOT NULL,
	"counted_at" timestamp (3) with time zone NOT NULL,
	"limit_micros" bigint NOT NULL
);
--> statement-breakpoint
ALTER TABLE "calls" DROP CONSTRAINT "calls_end_reason_check";--> statement-breakpoint
ALTER TABLE "spending_alerts" ADD CONSTRAINT "spending_alerts_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "spending_limits" ADD CONSTRAINT "spending_limits_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "minute_budgets" ADD CONSTRAINT "minute_budgets_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "calls_open_organization_idx" ON "calls" USING btree ("organization_id") WHERE "calls"."status" in ('waiting', 'active');--> statement-breakpoint
ALTER TABLE "calls" ADD CONSTRAINT "calls_end_reason_check" CHECK ("calls"."end_reason" in ('closed', 'empty', 'out_of_time', 'lost', 'nobody_came', 'alone', 'out_of_minutes', 'out_of_budget'));--> statement-breakpoint
select tenant_wall('spending_alerts');--> statement-breakpoint
grant select on spending_alerts to auralink_app;--> statement-breakpoint
grant select, insert on spending_alerts to auralink_system;--> statement-breakpoint
select tenant_wall('spending_limits');--> statement-breakpoint
grant select, insert, update, delete on spending_limits to auralink_app;--> statement-breakpoint
grant select, update on spending_limits to auralink_system;--> statement-breakpoint
select tenant_wall('minute_budgets');--> statement-breakpoint
grant select, insert, update, delete on minute_budgets to auralink_app, auralink_system;
