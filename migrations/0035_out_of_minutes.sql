CREATE TABLE "used_up_minutes" (
	"organization_id" text collate "C" PRIMARY KEY NOT NULL,
	"since" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "calls" DROP CONSTRAINT "calls_end_reason_check";--> statement-breakpoint
ALTER TABLE "used_up_minutes" ADD CONSTRAINT "used_up_minutes_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "calls" ADD CONSTRAINT "calls_end_reason_check" CHECK ("calls"."end_reason" in ('closed', 'empty', 'out_of_time', 'lost', 'nobody_came', 'alone', 'out_of_minutes'));--> statement-breakpoint
select tenant_wall('used_up_minutes');--> statement-breakpoint
grant select on used_up_minutes to auralink_app;--> statement-breakpoint
grant select, insert, delete on used_up_minutes to auralink_system;
