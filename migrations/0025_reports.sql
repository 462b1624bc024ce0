CREATE TABLE "reports" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"organization_id" text collate "C" NOT NULL,
	"name" text NOT NULL,
	"spec" jsonb NOT NULL,
	"format" text NOT NULL,
	"created_by" text collate "C",
	"last_run_at" timestamp (3) with time zone,
	"last_operation" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "reports_format_check" CHECK ("reports"."format" in ('json', 'csv', 'xlsx', 'html'))
);
--> statement-breakpoint
ALTER TABLE "reports" ADD CONSTRAINT "reports_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "reports" ADD CONSTRAINT "reports_created_by_users_id_fk" FOREIGN KEY ("created_by") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "reports_organization_id_idx" ON "reports" USING btree ("organization_id","id");--> statement-breakpoint
CREATE INDEX "reports_created_by_idx" ON "reports" USING btree ("created_by");--> statement-breakpoint
select tenant_wall('reports');--> statement-breakpoint
grant select, insert, update, delete on reports to auralink_app, auralink_system;
