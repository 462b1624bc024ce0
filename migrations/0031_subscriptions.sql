CREATE TABLE "provider_events" (
	"provider" text NOT NULL,
	"id" text NOT NULL,
	"type" text NOT NULL,
	"customer_id" text,
	"subscription_id" text,
	"invoice_id" text,
	"occurred_at" timestamp (3) with time zone NOT NULL,
	"received_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "provider_events_provider_id_pk" PRIMARY KEY("provider","id"),
	CONSTRAINT "provider_events_provider_check" CHECK ("provider_events"."provider" in ('stripe', 'paddle'))
);
--> statement-breakpoint
CREATE TABLE "billing_customers" (
	"organization_id" text collate "C" PRIMARY KEY NOT NULL,
	"provider" text NOT NULL,
	"customer_id" text NOT NULL,
	"checkout_id" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "billing_customers_provider_check" CHECK ("billing_customers"."provider" in ('stripe', 'paddle'))
);
--> statement-breakpoint
CREATE TABLE "subscriptions" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"organization_id" text collate "C" NOT NULL,
	"provider" text NOT NULL,
	"provider_subscription_id" text NOT NULL,
	"status" text NOT NULL,
	"plan" text NOT NULL,
	"plan_version" integer NOT NULL,
	"interval" text NOT NULL,
	"next_plan" text,
	"next_interval" text,
	"changes_at" timestamp (3) with time zone,
	"currency" text NOT NULL,
	"starts_at" timestamp (3) with time zone NOT NULL,
	"period_starts_at" timestamp (3) with time zone NOT NULL,
	"period_ends_at" timestamp (3) with time zone NOT NULL,
	"trial_ends_at" timestamp (3) with time zone,
	"cancels_at" timestamp (3) with time zone,
	"ended_at" timestamp (3) with time zone,
	"resumes_at" timestamp (3) with time zone,
	"past_due_since" timestamp (3) with time zone,
	"grace_ends_at" timestamp (3) with time zone,
	"restricted_at" timestamp (3) with time zone,
	"trial_notice_at" timestamp (3) with time zone,
	"grace_notice_at" timestamp (3) with time zone,
	"due_at" timestamp (3) with time zone,
	"granted_plan" text NOT NULL,
	"granted_plan_version" integer NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "subscriptions_provider_check" CHECK ("subscriptions"."provider" in ('stripe', 'paddle')),
	CONSTRAINT "subscriptions_status_check" CHECK ("subscriptions"."status" in ('incomplete', 'trialing', 'active', 'past_due', 'restricted', 'paused', 'cancelled')),
	CONSTRAINT "subscriptions_plan_check" CHECK ("subscriptions"."plan" in ('pro', 'enterprise')),
	CONSTRAINT "subscriptions_interval_check" CHECK ("subscriptions"."interval" in ('monthly', 'yearly')),
	CONSTRAINT "subscriptions_next_plan_check" CHECK ("subscriptions"."next_plan" in ('pro', 'enterprise')),
	CONSTRAINT "subscriptions_next_interval_check" CHECK ("subscriptions"."next_interval" in ('monthly', 'yearly')),
	CONSTRAINT "subscriptions_granted_plan_check" CHECK ("subscriptions"."granted_plan" in ('free', 'pro', 'enterprise', 'custom'))
);
--> statement-breakpoint
ALTER TABLE "billing_customers" ADD CONSTRAINT "billing_customers_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "subscriptions" ADD CONSTRAINT "subscriptions_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "provider_events_received_at_idx" ON "provider_events" USING btree ("received_at");--> statement-breakpoint
CREATE UNIQUE INDEX "billing_customers_customer_key" ON "billing_customers" USING btree ("provider","customer_id");--> statement-breakpoint
CREATE UNIQUE INDEX "subscriptions_provider_key" ON "subscriptions" USING btree ("provider","provider_subscription_id");--> statement-breakpoint
CREATE UNIQUE INDEX "subscriptions_live_key" ON "subscriptions" USING btree ("organization_id") WHERE "subscriptions"."ended_at" is null;--> statement-breakpoint
CREATE INDEX "subscriptions_organization_id_idx" ON "subscriptions" USING btree ("organization_id","id");--> statement-breakpoint
CREATE INDEX "subscriptions_due_at_idx" ON "subscriptions" USING btree ("due_at") WHERE "subscriptions"."due_at" is not null;--> statement-breakpoint
select tenant_wall('billing_customers');--> statement-breakpoint
grant select on billing_customers to auralink_app;--> statement-breakpoint
grant select, insert, update on billing_customers to auralink_system;--> statement-breakpoint
select tenant_wall('subscriptions');--> statement-breakpoint
grant select on subscriptions to auralink_app;--> statement-breakpoint
grant select, insert, update on subscriptions to auralink_system;--> statement-breakpoint
select wall('provider_events');--> statement-breakpoint
grant select, insert, delete on provider_events to auralink_system;
