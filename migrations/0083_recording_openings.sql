CREATE TABLE "recording_openings" (
	"recording_id" text collate "C" PRIMARY KEY NOT NULL,
	"organization_id" text collate "C" NOT NULL,
	"opened_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "cost_insights" DROP CONSTRAINT "cost_insights_kind_check";--> statement-breakpoint
ALTER TABLE "recording_openings" ADD CONSTRAINT "recording_openings_recording_id_recordings_id_fk" FOREIGN KEY ("recording_id") REFERENCES "public"."recordings"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "recording_openings" ADD CONSTRAINT "recording_openings_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "recording_openings_organization_id_idx" ON "recording_openings" USING btree ("organization_id");--> statement-breakpoint
ALTER TABLE "cost_insights" ADD CONSTRAINT "cost_insights_kind_check" CHECK ("cost_insights"."kind" in ('unused_rooms', 'unused_seats', 'time_alone', 'empty_egress', 'unused_recordings', 'rising_call_time', 'rising_minute_cost', 'yearly_billing_cheaper', 'larger_plan_cheaper', 'smaller_plan_cheaper'));--> statement-breakpoint
select tenant_wall('recording_openings');--> statement-breakpoint
grant select, insert, update, delete on recording_openings to auralink_app, auralink_system;
--> statement-breakpoint
-- Whether somebody opened what is there is not known: it counts as opened now.
set local role auralink_system;--> statement-breakpoint
insert into recording_openings (recording_id, organization_id, opened_at) select id, organization_id, now() from recordings;--> statement-breakpoint
reset role;
