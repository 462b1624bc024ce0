ALTER TABLE "cost_insights" DROP CONSTRAINT "cost_insights_kind_check";--> statement-breakpoint
ALTER TABLE "subscriptions" ADD COLUMN "seats" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "subscriptions" ADD COLUMN "next_seats" integer;--> statement-breakpoint
ALTER TABLE "subscriptions" ADD COLUMN "granted_seats" integer;--> statement-breakpoint
ALTER TABLE "organizations" ADD COLUMN "seats" integer;--> statement-breakpoint
ALTER TABLE "cost_insights" ADD CONSTRAINT "cost_insights_kind_check" CHECK ("cost_insights"."kind" in ('unused_rooms', 'unused_seats', 'time_alone', 'rising_call_time', 'rising_minute_cost', 'yearly_billing_cheaper', 'larger_plan_cheaper', 'smaller_plan_cheaper'));--> statement-breakpoint
ALTER TABLE "subscriptions" ADD CONSTRAINT "subscriptions_seats_check" CHECK ("subscriptions"."seats" >= 0 and "subscriptions"."next_seats" >= 0 and "subscriptions"."granted_seats" >= 0);--> statement-breakpoint
ALTER TABLE "organizations" ADD CONSTRAINT "organizations_seats_check" CHECK ("organizations"."seats" >= 0);
