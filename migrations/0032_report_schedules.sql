CREATE TABLE "report_recipients" (
	"organization_id" text collate "C" NOT NULL,
	"report_id" text collate "C" NOT NULL,
	"user_id" text collate "C" NOT NULL,
	CONSTRAINT "report_recipients_report_id_user_id_pk" PRIMARY KEY("report_id","user_id")
);
--> statement-breakpoint
CREATE TABLE "report_schedules" (
	"report_id" text collate "C" PRIMARY KEY NOT NULL,
	"organization_id" text collate "C" NOT NULL,
	"cron" text NOT NULL,
	"time_zone" text NOT NULL,
	"format" text,
	"owner_id" text collate "C",
	"status" text NOT NULL,
	"pause_reason" text,
	"next_run_at" timestamp (3) with time zone,
	"running_operation" text,
	"last_run_at" timestamp (3) with time zone,
	"last_operation" text,
	"last_outcome" text,
	"failures" integer DEFAULT 0 NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "report_schedules_format_check" CHECK ("report_schedules"."format" in ('json', 'csv', 'xlsx', 'html')),
	CONSTRAINT "report_schedules_status_check" CHECK ("report_schedules"."status" in ('active', 'paused')),
	CONSTRAINT "report_schedules_pause_reason_check" CHECK ("report_schedules"."pause_reason" in ('requested', 'failures', 'owner', 'recipients')),
	CONSTRAINT "report_schedules_last_outcome_check" CHECK ("report_schedules"."last_outcome" in ('succeeded', 'failed', 'cancelled'))
);
--> statement-breakpoint
ALTER TABLE "report_recipients" ADD CONSTRAINT "report_recipients_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "report_recipients" ADD CONSTRAINT "report_recipients_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "report_recipients" ADD CONSTRAINT "report_recipients_report_id_fk" FOREIGN KEY ("report_id") REFERENCES "public"."report_schedules"("report_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "report_schedules" ADD CONSTRAINT "report_schedules_report_id_reports_id_fk" FOREIGN KEY ("report_id") REFERENCES "public"."reports"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "report_schedules" ADD CONSTRAINT "report_schedules_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "report_schedules" ADD CONSTRAINT "report_schedules_owner_id_users_id_fk" FOREIGN KEY ("owner_id") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "report_recipients_organization_id_idx" ON "report_recipients" USING btree ("organization_id");--> statement-breakpoint
CREATE INDEX "report_recipients_user_id_idx" ON "report_recipients" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "report_schedules_organization_id_idx" ON "report_schedules" USING btree ("organization_id");--> statement-breakpoint
CREATE INDEX "report_schedules_owner_id_idx" ON "report_schedules" USING btree ("owner_id");--> statement-breakpoint
CREATE INDEX "report_schedules_next_run_at_idx" ON "report_schedules" USING btree ("next_run_at") WHERE "report_schedules"."next_run_at" is not null;--> statement-breakpoint
CREATE INDEX "report_schedules_running_idx" ON "report_schedules" USING btree ("report_id") WHERE "report_schedules"."running_operation" is not null;--> statement-breakpoint
select tenant_wall('report_recipients');--> statement-breakpoint
grant select, insert, update, delete on report_recipients to auralink_app, auralink_system;--> statement-breakpoint
select tenant_wall('report_schedules');--> statement-breakpoint
grant select, insert, update, delete on report_schedules to auralink_app, auralink_system;
