CREATE TABLE "buckets" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"organization_id" text collate "C" NOT NULL,
	"name" text NOT NULL,
	"endpoint" text NOT NULL,
	"region" text NOT NULL,
	"bucket" text NOT NULL,
	"prefix" text NOT NULL,
	"path_style" boolean NOT NULL,
	"access_key" text NOT NULL,
	"sealed_secret" text NOT NULL,
	"status" text NOT NULL,
	"problem" text,
	"tested_at" timestamp (3) with time zone NOT NULL,
	"created_by" text collate "C",
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "buckets_status_check" CHECK ("buckets"."status" in ('working', 'failing')),
	CONSTRAINT "buckets_problem_check" CHECK ("buckets"."problem" in ('address_refused', 'unreachable', 'unavailable', 'unknown_access_key', 'wrong_secret', 'clock_skew', 'unknown_bucket', 'wrong_region', 'write_denied', 'read_denied', 'delete_denied', 'not_deleted', 'corrupted', 'unexpected_answer'))
);
--> statement-breakpoint
ALTER TABLE "buckets" ADD CONSTRAINT "buckets_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "buckets" ADD CONSTRAINT "buckets_created_by_users_id_fk" FOREIGN KEY ("created_by") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "buckets_organization_id_idx" ON "buckets" USING btree ("organization_id","id");--> statement-breakpoint
CREATE INDEX "buckets_created_by_idx" ON "buckets" USING btree ("created_by");--> statement-breakpoint
select tenant_wall('buckets');--> statement-breakpoint
grant select, insert, update, delete on buckets to auralink_app, auralink_system;
