CREATE TABLE "overage_attempts" (
	"organization_id" text collate "C" NOT NULL,
	"subscription_id" text collate "C" PRIMARY KEY NOT NULL,
	"attempted_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
DROP INDEX "overage_reports_open_key";--> statement-breakpoint
ALTER TABLE "overage_months" DROP CONSTRAINT "overage_months_organization_id_meter_month_pk";--> statement-breakpoint
ALTER TABLE "overage_months" ADD COLUMN "subscription_id" text collate "C";--> statement-breakpoint
UPDATE "overage_months" m SET "subscription_id" = (SELECT s."id" FROM "subscriptions" s WHERE s."organization_id" = m."organization_id" AND s."starts_at" < m."month" + interval '1 month' ORDER BY s."starts_at" DESC LIMIT 1);--> statement-breakpoint
DELETE FROM "overage_months" WHERE "subscription_id" IS NULL;--> statement-breakpoint
ALTER TABLE "overage_months" ALTER COLUMN "subscription_id" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "overage_months" ADD CONSTRAINT "overage_months_pkey" PRIMARY KEY("organization_id","meter","month","subscription_id");--> statement-breakpoint
ALTER TABLE "overage_reports" ADD COLUMN "subscription_id" text collate "C";--> statement-breakpoint
UPDATE "overage_reports" r SET "subscription_id" = (SELECT s."id" FROM "subscriptions" s WHERE s."organization_id" = r."organization_id" AND s."starts_at" <= r."created_at" ORDER BY s."starts_at" DESC LIMIT 1);--> statement-breakpoint
DELETE FROM "overage_reports" WHERE "subscription_id" IS NULL;--> statement-breakpoint
ALTER TABLE "overage_reports" ALTER COLUMN "subscription_id" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "overage_reports" ADD COLUMN "claimed_until" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "overage_attempts" ADD CONSTRAINT "overage_attempts_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "overage_attempts" ADD CONSTRAINT "overage_attempts_subscription_id_subscriptions_id_fk" FOREIGN KEY ("subscription_id") REFERENCES "public"."subscriptions"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "overage_attempts_organization_id_idx" ON "overage_attempts" USING btree ("organization_id");--> statement-breakpoint
ALTER TABLE "overage_months" ADD CONSTRAINT "overage_months_subscription_id_subscriptions_id_fk" FOREIGN KEY ("subscription_id") REFERENCES "public"."subscriptions"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "overage_reports" ADD CONSTRAINT "overage_reports_subscription_id_subscriptions_id_fk" FOREIGN KEY ("subscription_id") REFERENCES "public"."subscriptions"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "overage_months_subscription_id_idx" ON "overage_months" USING btree ("subscription_id");--> statement-breakpoint
CREATE UNIQUE INDEX "overage_reports_open_of_subscription_key" ON "overage_reports" USING btree ("subscription_id","meter") WHERE "overage_reports"."delivered_at" is null;--> statement-breakpoint
CREATE INDEX "overage_reports_subscription_id_idx" ON "overage_reports" USING btree ("subscription_id");--> statement-breakpoint
select tenant_wall('overage_attempts');--> statement-breakpoint
grant select on overage_attempts to auralink_app;--> statement-breakpoint
grant select, insert, update on overage_attempts to auralink_system;
