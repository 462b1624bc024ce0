ALTER TABLE "cost_insights" DROP CONSTRAINT "cost_insights_kind_check";--> statement-breakpoint
ALTER TABLE "cost_insights" ADD CONSTRAINT "cost_insights_kind_check" CHECK ("cost_insights"."kind" in ('unused_rooms', 'unused_seats', 'time_alone', 'empty_egress', 'rising_call_time', 'rising_minute_cost', 'yearly_billing_cheaper', 'larger_plan_cheaper', 'smaller_plan_cheaper'));
