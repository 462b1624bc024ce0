CREATE TABLE "cost_insight_runs" (
	"organization_id" text collate "C" PRIMARY KEY NOT NULL,
	"measured_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "cost_insights" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"organization_id" text collate "C" NOT NULL,
	"kind" text NOT NULL,
	"status" text DEFAULT 'active' NOT NULL,
	"found" boolean NOT NULL,
	"saving_micros" bigint,
	"evidence" jsonb NOT NULL,
	"detected_at" timestamp (3) with time zone NOT NULL,
	"measured_at" timestamp (3) with time zone NOT NULL,
	"status_changed_at" timestamp (3) with time zone,
	CONSTRAINT "cost_insights_kind_check" CHECK ("cost_insights"."kind" in ('unused_rooms', 'time_alone', 'rising_call_time', 'larger_plan_cheaper', 'smaller_plan_cheaper')),
	CONSTRAINT "cost_insights_status_check" CHECK ("cost_insights"."status" in ('active', 'acknowledged', 'implemented', 'dismissed'))
);
--> statement-breakpoint
ALTER TABLE "cost_insight_runs" ADD CONSTRAINT "cost_insight_runs_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "cost_insights" ADD CONSTRAINT "cost_insights_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "cost_insights_organization_kind_key" ON "cost_insights" USING btree ("organization_id","kind");--> statement-breakpoint
select tenant_wall('cost_insight_runs');--> statement-breakpoint
grant select, insert, update, delete on cost_insight_runs to auralink_app, auralink_system;--> statement-breakpoint
select tenant_wall('cost_insights');--> statement-breakpoint
grant select, insert, update, delete on cost_insights to auralink_app, auralink_system;
