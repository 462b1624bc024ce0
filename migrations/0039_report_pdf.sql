ALTER TABLE "report_schedules" DROP CONSTRAINT "report_schedules_format_check";--> statement-breakpoint
ALTER TABLE "reports" DROP CONSTRAINT "reports_format_check";--> statement-breakpoint
ALTER TABLE "report_schedules" ADD CONSTRAINT "report_schedules_format_check" CHECK ("report_schedules"."format" in ('json', 'csv', 'xlsx', 'html', 'pdf'));--> statement-breakpoint
ALTER TABLE "reports" ADD CONSTRAINT "reports_format_check" CHECK ("reports"."format" in ('json', 'csv', 'xlsx', 'html', 'pdf'));
