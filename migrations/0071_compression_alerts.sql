CREATE TABLE "compression_alerts" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"organization_id" text collate "C" NOT NULL,
	"kind" text NOT NULL,
	"severity" text NOT NULL,
	"subject" text NOT NULL,
	"call_id" text collate "C",
	"evidence" jsonb NOT NULL,
	"resolution" text,
	"resolved_by" text collate "C",
	"notes" text,
	"resolved_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "compression_alerts_kind_check" CHECK ("compression_alerts"."kind" in ('compressions_failing', 'quality_missed', 'nothing_won', 'compressions_waiting', 'network_poor')),
	CONSTRAINT "compression_alerts_severity_check" CHECK ("compression_alerts"."severity" in ('warning', 'critical')),
	CONSTRAINT "compression_alerts_resolution_check" CHECK ("compression_alerts"."resolution" in ('by_person', 'condition_gone')),
	CONSTRAINT "compression_alerts_resolved_check" CHECK (("compression_alerts"."resolution" is null) = ("compression_alerts"."resolved_at" is null)),
	CONSTRAINT "compression_alerts_person_check" CHECK (("compression_alerts"."resolution" is not distinct from 'by_person') = ("compression_alerts"."resolved_by" is not null))
);
--> statement-breakpoint
ALTER TABLE "compression_alerts" ADD CONSTRAINT "compression_alerts_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "compression_alerts" ADD CONSTRAINT "compression_alerts_call_id_calls_id_fk" FOREIGN KEY ("call_id") REFERENCES "public"."calls"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "compression_alerts_open_key" ON "compression_alerts" USING btree ("organization_id","kind","subject") WHERE "compression_alerts"."resolved_at" is null;--> statement-breakpoint
CREATE INDEX "compression_alerts_organization_id_idx" ON "compression_alerts" USING btree ("organization_id","id");--> statement-breakpoint
CREATE INDEX "compression_alerts_call_id_idx" ON "compression_alerts" USING btree ("call_id");--> statement-breakpoint
CREATE INDEX "compression_alerts_resolved_at_idx" ON "compression_alerts" USING btree ("resolved_at");--> statement-breakpoint
select tenant_wall('compression_alerts');--> statement-breakpoint
grant select, insert, update, delete on compression_alerts to auralink_app, auralink_system;
