CREATE TABLE "usage_meters" (
	"organization_id" text collate "C" NOT NULL,
	"name" text NOT NULL,
	"unit" text NOT NULL,
	"unit_quantity" bigint NOT NULL,
	"description" text NOT NULL,
	"dimensions" text[] NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "usage_meters_name_key" PRIMARY KEY("organization_id","name")
);
--> statement-breakpoint
CREATE TABLE "usage_events" (
	"id" text collate "C" NOT NULL,
	"organization_id" text collate "C" NOT NULL,
	"meter" text NOT NULL,
	"key" text NOT NULL,
	"revision" integer NOT NULL,
	"occurred_at" timestamp (3) with time zone NOT NULL,
	"quantity" bigint NOT NULL,
	"version" bigint NOT NULL,
	"dimensions" jsonb NOT NULL,
	"user_id" text collate "C",
	"source" text,
	"cause" text,
	"recorded_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "usage_events_organization_id_meter_key_revision_pk" PRIMARY KEY("organization_id","meter","key","revision")
);
--> statement-breakpoint
CREATE TABLE "usage_hours" (
	"organization_id" text collate "C" NOT NULL,
	"meter" text NOT NULL,
	"hour" timestamp (3) with time zone NOT NULL,
	"quantity" bigint NOT NULL,
	"stale" boolean NOT NULL,
	CONSTRAINT "usage_hours_organization_id_meter_hour_pk" PRIMARY KEY("organization_id","meter","hour")
);
--> statement-breakpoint
ALTER TABLE "usage_meters" ADD CONSTRAINT "usage_meters_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "usage_events" ADD CONSTRAINT "usage_events_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "usage_events" ADD CONSTRAINT "usage_events_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "usage_hours" ADD CONSTRAINT "usage_hours_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "usage_events_id_key" ON "usage_events" USING btree ("organization_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "usage_events_source_key" ON "usage_events" USING btree ("organization_id","key") WHERE "usage_events"."source" is not null;--> statement-breakpoint
CREATE INDEX "usage_events_time_idx" ON "usage_events" USING btree ("organization_id","meter","occurred_at");--> statement-breakpoint
CREATE INDEX "usage_events_user_id_idx" ON "usage_events" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "usage_hours_stale_idx" ON "usage_hours" USING btree ("organization_id") WHERE "usage_hours"."stale";--> statement-breakpoint
select tenant_wall('usage_meters');--> statement-breakpoint
grant select, insert on usage_meters to auralink_app, auralink_system;--> statement-breakpoint
select tenant_wall('usage_events');--> statement-breakpoint
grant select, insert on usage_events to auralink_app, auralink_system;--> statement-breakpoint
select tenant_wall('usage_hours');--> statement-breakpoint
grant select, insert, update on usage_hours to auralink_app, auralink_system;
