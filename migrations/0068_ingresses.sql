CREATE TABLE "ingresses" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"organization_id" text collate "C" NOT NULL,
	"room_id" text collate "C" NOT NULL,
	"kind" text NOT NULL,
	"name" text NOT NULL,
	"enabled" boolean NOT NULL,
	"source_url" text,
	"sealed_source" text,
	"cluster" text NOT NULL,
	"cluster_ingress" text,
	"begun_at" timestamp (3) with time zone,
	"call_id" text collate "C",
	"state" text NOT NULL,
	"reason" text,
	"state_at" timestamp (3) with time zone NOT NULL,
	"started_at" timestamp (3) with time zone,
	"ended_at" timestamp (3) with time zone,
	"created_by" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "ingresses_kind_check" CHECK ("ingresses"."kind" in ('rtmp', 'whip', 'url')),
	CONSTRAINT "ingresses_state_check" CHECK ("ingresses"."state" in ('requested', 'idle', 'connecting', 'active', 'ended', 'failed')),
	CONSTRAINT "ingresses_reason_check" CHECK ("ingresses"."reason" in ('no_call', 'other_cluster', 'disabled', 'removed', 'not_included', 'room_deleted', 'organization_deleted', 'address_refused', 'refused', 'no_worker', 'source_failed', 'lost'))
);
--> statement-breakpoint
ALTER TABLE "ingresses" ADD CONSTRAINT "ingresses_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ingresses" ADD CONSTRAINT "ingresses_room_id_rooms_id_fk" FOREIGN KEY ("room_id") REFERENCES "public"."rooms"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ingresses" ADD CONSTRAINT "ingresses_call_id_calls_id_fk" FOREIGN KEY ("call_id") REFERENCES "public"."calls"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "ingresses_organization_id_idx" ON "ingresses" USING btree ("organization_id","id");--> statement-breakpoint
CREATE INDEX "ingresses_room_id_idx" ON "ingresses" USING btree ("room_id","id");--> statement-breakpoint
CREATE INDEX "ingresses_call_id_idx" ON "ingresses" USING btree ("call_id");--> statement-breakpoint
select tenant_wall('ingresses');--> statement-breakpoint
grant select, insert, update, delete on ingresses to auralink_app, auralink_system;
