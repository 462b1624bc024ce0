CREATE TABLE "invoices" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"organization_id" text collate "C" NOT NULL,
	"provider" text NOT NULL,
	"provider_invoice_id" text NOT NULL,
	"provider_subscription_id" text,
	"number" text,
	"status" text NOT NULL,
	"currency" text NOT NULL,
	"subtotal" bigint NOT NULL,
	"discount" bigint NOT NULL,
	"tax" bigint NOT NULL,
	"total" bigint NOT NULL,
	"from_balance" bigint NOT NULL,
	"credited_before_payment" bigint NOT NULL,
	"due" bigint NOT NULL,
	"paid" bigint NOT NULL,
	"remaining" bigint NOT NULL,
	"credited_after_payment" bigint NOT NULL,
	"refunded" bigint NOT NULL,
	"lines" jsonb NOT NULL,
	"credit_notes" jsonb NOT NULL,
	"refunds" jsonb NOT NULL,
	"attempts" integer NOT NULL,
	"next_attempt_at" timestamp (3) with time zone,
	"issued_at" timestamp (3) with time zone,
	"due_at" timestamp (3) with time zone,
	"paid_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "invoices_provider_check" CHECK ("invoices"."provider" in ('stripe', 'paddle')),
	CONSTRAINT "invoices_status_check" CHECK ("invoices"."status" in ('draft', 'open', 'paid', 'void', 'uncollectible')),
	CONSTRAINT "invoices_total_check" CHECK ("invoices"."subtotal" - "invoices"."discount" + "invoices"."tax" = "invoices"."total")
);
--> statement-breakpoint
CREATE TABLE "overage_months" (
	"organization_id" text collate "C" NOT NULL,
	"meter" text NOT NULL,
	"month" timestamp (3) with time zone NOT NULL,
	"quantity" bigint NOT NULL,
	"units" bigint NOT NULL,
	"counted_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "overage_months_organization_id_meter_month_pk" PRIMARY KEY("organization_id","meter","month"),
	CONSTRAINT "overage_months_units_check" CHECK ("overage_months"."units" >= 0)
);
--> statement-breakpoint
CREATE TABLE "overage_reports" (
	"organization_id" text collate "C" NOT NULL,
	"meter" text NOT NULL,
	"revision" integer NOT NULL,
	"units" bigint NOT NULL,
	"customer_id" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"delivered_at" timestamp (3) with time zone,
	CONSTRAINT "overage_reports_organization_id_meter_revision_pk" PRIMARY KEY("organization_id","meter","revision"),
	CONSTRAINT "overage_reports_units_check" CHECK ("overage_reports"."units" > 0)
);
--> statement-breakpoint
CREATE TABLE "plan_changes" (
	"organization_id" text collate "C" NOT NULL,
	"seq" bigint GENERATED ALWAYS AS IDENTITY (sequence name "plan_changes_seq_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"plan" text NOT NULL,
	"plan_version" integer NOT NULL,
	"former_plan" text NOT NULL,
	"former_plan_version" integer NOT NULL,
	"changed_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "plan_changes_organization_id_seq_pk" PRIMARY KEY("organization_id","seq"),
	CONSTRAINT "plan_changes_plan_check" CHECK ("plan_changes"."plan" in ('free', 'pro', 'enterprise', 'custom')),
	CONSTRAINT "plan_changes_former_plan_check" CHECK ("plan_changes"."former_plan" in ('free', 'pro', 'enterprise', 'custom'))
);
--> statement-breakpoint
ALTER TABLE "invoices" ADD CONSTRAINT "invoices_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "overage_months" ADD CONSTRAINT "overage_months_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "overage_reports" ADD CONSTRAINT "overage_reports_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "plan_changes" ADD CONSTRAINT "plan_changes_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "invoices_provider_key" ON "invoices" USING btree ("provider","provider_invoice_id");--> statement-breakpoint
CREATE INDEX "invoices_organization_id_idx" ON "invoices" USING btree ("organization_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "overage_reports_open_key" ON "overage_reports" USING btree ("organization_id","meter") WHERE "overage_reports"."delivered_at" is null;--> statement-breakpoint
select tenant_wall('plan_changes');--> statement-breakpoint
grant select on plan_changes to auralink_app;--> statement-breakpoint
grant select, insert on plan_changes to auralink_system;--> statement-breakpoint
select tenant_wall('overage_months');--> statement-breakpoint
grant select on overage_months to auralink_app;--> statement-breakpoint
grant select, insert, update on overage_months to auralink_system;--> statement-breakpoint
select tenant_wall('overage_reports');--> statement-breakpoint
grant select on overage_reports to auralink_app;--> statement-breakpoint
grant select, insert, update on overage_reports to auralink_system;--> statement-breakpoint
select tenant_wall('invoices');--> statement-breakpoint
grant select on invoices to auralink_app;--> statement-breakpoint
grant select, insert, update, delete on invoices to auralink_system;--> statement-breakpoint
create function note_plan_change() returns trigger language plpgsql as $$
begin
  insert into plan_changes (organization_id, plan, plan_version, former_plan, former_plan_version, changed_at)
  values (new.id, new.plan, new.plan_version, old.plan, old.plan_version, new.updated_at);
  return null;
end $$;
--> statement-breakpoint
create trigger organizations_note_plan_change after update of plan, plan_version on organizations for each row
  when ((old.plan, old.plan_version) is distinct from (new.plan, new.plan_version)) execute function note_plan_change();
