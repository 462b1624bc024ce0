CREATE TABLE "ai_alerts" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"organization_id" text collate "C" NOT NULL,
	"kind" text NOT NULL,
	"model" text NOT NULL,
	"feature" text NOT NULL,
	"evidence" jsonb NOT NULL,
	"mailed" boolean NOT NULL,
	"resolution" text,
	"resolved_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "ai_alerts_kind_check" CHECK ("ai_alerts"."kind" in ('failure_share', 'first_output_p95', 'duration_p95', 'thumbs_up_share', 'mean_score', 'cost')),
	CONSTRAINT "ai_alerts_resolution_check" CHECK ("ai_alerts"."resolution" in ('recovered', 'no_answers', 'threshold_removed')),
	CONSTRAINT "ai_alerts_resolved_check" CHECK (("ai_alerts"."resolution" is null) = ("ai_alerts"."resolved_at" is null))
);
--> statement-breakpoint
CREATE TABLE "ai_thresholds" (
	"organization_id" text collate "C" PRIMARY KEY NOT NULL,
	"thresholds" jsonb NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "ai_alerts" ADD CONSTRAINT "ai_alerts_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ai_thresholds" ADD CONSTRAINT "ai_thresholds_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "ai_alerts_open_key" ON "ai_alerts" USING btree ("organization_id","kind","model","feature") WHERE "ai_alerts"."resolved_at" is null;--> statement-breakpoint
CREATE INDEX "ai_alerts_organization_id_idx" ON "ai_alerts" USING btree ("organization_id","created_at");--> statement-breakpoint
CREATE INDEX "ai_alerts_resolved_at_idx" ON "ai_alerts" USING btree ("resolved_at");--> statement-breakpoint
select tenant_wall('ai_alerts');--> statement-breakpoint
grant select, insert, update, delete on ai_alerts to auralink_app, auralink_system;--> statement-breakpoint
select tenant_wall('ai_thresholds');--> statement-breakpoint
grant select, insert, update, delete on ai_thresholds to auralink_app, auralink_system;
