CREATE TABLE "analytics_ai_hours" (
	"organization_id" text collate "C" NOT NULL,
	"feature" text NOT NULL,
	"starts_at" timestamp (3) with time zone NOT NULL,
	"requests" integer NOT NULL,
	"failed" integer NOT NULL,
	"tokens" bigint NOT NULL,
	"amount_micros" bigint NOT NULL,
	"known" bigint NOT NULL,
	"unknown" bigint NOT NULL,
	CONSTRAINT "analytics_ai_hours_organization_id_feature_starts_at_pk" PRIMARY KEY("organization_id","feature","starts_at")
);
--> statement-breakpoint
CREATE TABLE "cost_changes" (
	"organization_id" text collate "C" NOT NULL,
	"quarter" timestamp (3) with time zone NOT NULL,
	"since" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "cost_changes_organization_id_quarter_pk" PRIMARY KEY("organization_id","quarter")
);
--> statement-breakpoint
lock table analytics_ai_buckets in access exclusive mode;--> statement-breakpoint
delete from analytics_ai_buckets;--> statement-breakpoint
drop function if exists refresh_ai_buckets(integer);--> statement-breakpoint
ALTER TABLE "analytics_ai_buckets" DROP CONSTRAINT "analytics_ai_buckets_grain_check";--> statement-breakpoint
ALTER TABLE "analytics_ai_buckets" DROP CONSTRAINT "analytics_ai_buckets_organization_id_grain_starts_at_model_feature_pk";--> statement-breakpoint
ALTER TABLE "analytics_ai_buckets" ADD COLUMN "provider" text NOT NULL;--> statement-breakpoint
ALTER TABLE "analytics_ai_buckets" ADD COLUMN "amount_micros" bigint NOT NULL;--> statement-breakpoint
ALTER TABLE "analytics_ai_buckets" ADD COLUMN "known" bigint NOT NULL;--> statement-breakpoint
ALTER TABLE "analytics_ai_buckets" ADD COLUMN "unknown" bigint NOT NULL;--> statement-breakpoint
ALTER TABLE "analytics_ai_buckets" ADD CONSTRAINT "analytics_ai_buckets_pk" PRIMARY KEY("organization_id","grain","starts_at","provider","model","feature");--> statement-breakpoint
ALTER TABLE "analytics_ai_hours" ADD CONSTRAINT "analytics_ai_hours_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "cost_changes" ADD CONSTRAINT "cost_changes_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "cost_changes_since_idx" ON "cost_changes" USING btree ("since");--> statement-breakpoint
ALTER TABLE "analytics_ai_buckets" ADD CONSTRAINT "analytics_ai_buckets_grain_check" CHECK ("analytics_ai_buckets"."grain" in ('quarter', 'hour', 'day', 'third', 'month'));--> statement-breakpoint
select tenant_wall('analytics_ai_hours');--> statement-breakpoint
grant select, insert, update, delete on analytics_ai_hours to auralink_app, auralink_system;--> statement-breakpoint
select tenant_wall('cost_changes');--> statement-breakpoint
grant select on cost_changes to auralink_app;--> statement-breakpoint
grant select, insert, update, delete on cost_changes to auralink_system;
--> statement-breakpoint
-- The newest first, and what ends meanwhile before what is older than that.
insert into analytics_ai_dirty (organization_id, quarter, since)
select distinct organization_id, quarter, now() + (now() - quarter)
from (select organization_id, to_timestamp(floor(extract(epoch from created_at) / 900) * 900) as quarter
  from ai_generations where ended_at is not null) g
on conflict do nothing;

