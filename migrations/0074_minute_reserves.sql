CREATE TABLE "minute_reserves" (
	"organization_id" text collate "C" NOT NULL,
	"call_id" text collate "C" NOT NULL,
	"identity" text NOT NULL,
	CONSTRAINT "minute_reserves_call_id_identity_pk" PRIMARY KEY("call_id","identity")
);
--> statement-breakpoint
ALTER TABLE "ingresses" DROP CONSTRAINT "ingresses_reason_check";--> statement-breakpoint
ALTER TABLE "minute_reserves" ADD CONSTRAINT "minute_reserves_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "minute_reserves" ADD CONSTRAINT "minute_reserves_call_id_calls_id_fk" FOREIGN KEY ("call_id") REFERENCES "public"."calls"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "minute_reserves_organization_id_idx" ON "minute_reserves" USING btree ("organization_id");--> statement-breakpoint
ALTER TABLE "ingresses" ADD CONSTRAINT "ingresses_reason_check" CHECK ("ingresses"."reason" in ('no_call', 'other_cluster', 'disabled', 'removed', 'minutes_used_up', 'over_budget', 'too_many', 'not_included', 'room_deleted', 'organization_deleted', 'address_refused', 'refused', 'no_worker', 'source_failed', 'lost'));--> statement-breakpoint
select tenant_wall('minute_reserves');--> statement-breakpoint
grant select, insert, update, delete on minute_reserves to auralink_app, auralink_system;
