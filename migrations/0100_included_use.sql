CREATE TABLE "analytics_ai_buckets" (
	"organization_id" text collate "C" NOT NULL,
	"grain" text NOT NULL,
	"starts_at" timestamp (3) with time zone NOT NULL,
	"model" text NOT NULL,
	"feature" text NOT NULL,
	"requests" integer NOT NULL,
	"completed" integer NOT NULL,
	"failed" integer NOT NULL,
	"cancelled" integer NOT NULL,
	"input_tokens" bigint NOT NULL,
	"output_tokens" bigint NOT NULL,
	"cache_read_tokens" bigint NOT NULL,
	"cache_write_tokens" bigint NOT NULL,
	"first_output_histogram" text NOT NULL,
	"first_output_ms" bigint NOT NULL,
	"first_output_count" integer NOT NULL,
	"duration_histogram" text NOT NULL,
	"duration_ms" bigint NOT NULL,
	"duration_count" integer NOT NULL,
	CONSTRAINT "analytics_ai_buckets_organization_id_grain_starts_at_model_feature_pk" PRIMARY KEY("organization_id","grain","starts_at","model","feature"),
	CONSTRAINT "analytics_ai_buckets_grain_check" CHECK ("analytics_ai_buckets"."grain" in ('quarter', 'day'))
);
--> statement-breakpoint
CREATE TABLE "analytics_ai_dirty" (
	"organization_id" text collate "C" NOT NULL,
	"quarter" timestamp (3) with time zone NOT NULL,
	"since" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "analytics_ai_dirty_organization_id_quarter_pk" PRIMARY KEY("organization_id","quarter")
);
--> statement-breakpoint
CREATE TABLE "included_holds" (
	"organization_id" text collate "C" NOT NULL,
	"meter" text NOT NULL,
	"holder" text NOT NULL,
	"quantity" bigint NOT NULL,
	"ends_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "included_holds_organization_id_meter_holder_pk" PRIMARY KEY("organization_id","meter","holder")
);
--> statement-breakpoint
CREATE TABLE "included_uses" (
	"organization_id" text collate "C" NOT NULL,
	"meter" text NOT NULL,
	"month" timestamp (3) with time zone NOT NULL,
	"quantity" bigint NOT NULL,
	CONSTRAINT "included_uses_organization_id_meter_month_pk" PRIMARY KEY("organization_id","meter","month")
);
--> statement-breakpoint
ALTER TABLE "cost_insights" DROP CONSTRAINT "cost_insights_kind_check";--> statement-breakpoint
ALTER TABLE "call_captions" DROP CONSTRAINT "call_captions_end_reason_check";--> statement-breakpoint
ALTER TABLE "transcriptions" DROP CONSTRAINT "transcriptions_reason_check";--> statement-breakpoint
ALTER TABLE "ai_generations" ADD COLUMN "origin" jsonb DEFAULT '{"feature":"api"}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "analytics_ai_buckets" ADD CONSTRAINT "analytics_ai_buckets_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "analytics_ai_dirty" ADD CONSTRAINT "analytics_ai_dirty_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "included_holds" ADD CONSTRAINT "included_holds_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "included_uses" ADD CONSTRAINT "included_uses_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "analytics_ai_dirty_since_idx" ON "analytics_ai_dirty" USING btree ("since");--> statement-breakpoint
CREATE INDEX "included_holds_holder_idx" ON "included_holds" USING btree ("organization_id","holder");--> statement-breakpoint
CREATE INDEX "included_holds_ends_at_idx" ON "included_holds" USING btree ("ends_at");--> statement-breakpoint
CREATE INDEX "ai_generations_time_idx" ON "ai_generations" USING btree ("organization_id","created_at");--> statement-breakpoint
ALTER TABLE "cost_insights" ADD CONSTRAINT "cost_insights_kind_check" CHECK ("cost_insights"."kind" in ('unused_rooms', 'unused_seats', 'time_alone', 'empty_egress', 'unused_recordings', 'rising_call_time', 'rising_minute_cost', 'duplicate_transcriptions', 'rising_ai_cost', 'yearly_billing_cheaper', 'larger_plan_cheaper', 'smaller_plan_cheaper'));--> statement-breakpoint
ALTER TABLE "call_captions" ADD CONSTRAINT "call_captions_end_reason_check" CHECK ("call_captions"."end_reason" in ('stopped', 'call_ended', 'switched_off', 'not_included', 'removed', 'out_of_budget', 'limit_reached'));--> statement-breakpoint
ALTER TABLE "transcriptions" ADD CONSTRAINT "transcriptions_reason_check" CHECK ("transcriptions"."reason" in ('no_sound', 'not_readable', 'too_long', 'source_gone', 'service_unavailable', 'limit_reached'));--> statement-breakpoint
select tenant_wall('analytics_ai_buckets');--> statement-breakpoint
grant select, insert, update, delete on analytics_ai_buckets to auralink_app, auralink_system;--> statement-breakpoint
select tenant_wall('analytics_ai_dirty');--> statement-breakpoint
grant select, insert, update, delete on analytics_ai_dirty to auralink_app, auralink_system;--> statement-breakpoint
select tenant_wall('included_holds');--> statement-breakpoint
grant select, insert, update, delete on included_holds to auralink_app, auralink_system;--> statement-breakpoint
select tenant_wall('included_uses');--> statement-breakpoint
grant select, insert, update, delete on included_uses to auralink_app, auralink_system;
--> statement-breakpoint
insert into analytics_ai_dirty (organization_id, quarter, since)
select distinct g.organization_id, to_timestamp(floor(extract(epoch from g.created_at) / 900) * 900), now()
from ai_generations g where g.ended_at is not null;
