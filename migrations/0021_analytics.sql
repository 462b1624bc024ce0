CREATE TABLE "analytics_buckets" (
	"organization_id" text collate "C" NOT NULL,
	"time_zone" text NOT NULL,
	"grain" text NOT NULL,
	"starts_at" timestamp (3) with time zone NOT NULL,
	"ends_at" timestamp (3) with time zone NOT NULL,
	"parent_starts_at" timestamp (3) with time zone NOT NULL,
	"parent_ends_at" timestamp (3) with time zone NOT NULL,
	"calls" integer NOT NULL,
	"lost_calls" integer NOT NULL,
	"agent_calls" integer NOT NULL,
	"duration_ms" bigint DEFAULT 0 NOT NULL,
	"participations" integer NOT NULL,
	"guests" integer NOT NULL,
	"connected_ms" bigint DEFAULT 0 NOT NULL,
	"bytes_sent" bigint DEFAULT 0 NOT NULL,
	"bytes_received" bigint DEFAULT 0 NOT NULL,
	"call_types" jsonb NOT NULL,
	"by_connection" jsonb NOT NULL,
	"by_region" jsonb NOT NULL,
	"by_cause" jsonb NOT NULL,
	"round_trips" jsonb NOT NULL,
	"jitters" jsonb NOT NULL,
	"losses" jsonb NOT NULL,
	"scores" jsonb NOT NULL,
	"people" text NOT NULL,
	"top_users" jsonb NOT NULL,
	"top_users_floor" bigint DEFAULT 0 NOT NULL,
	"top_rooms" jsonb NOT NULL,
	"top_rooms_floor" bigint DEFAULT 0 NOT NULL,
	CONSTRAINT "analytics_buckets_organization_id_time_zone_grain_starts_at_pk" PRIMARY KEY("organization_id","time_zone","grain","starts_at"),
	CONSTRAINT "analytics_buckets_grain_check" CHECK ("analytics_buckets"."grain" in ('hour', 'day', 'month'))
);
--> statement-breakpoint
CREATE TABLE "analytics_calls" (
	"call_id" text collate "C" PRIMARY KEY NOT NULL,
	"organization_id" text collate "C" NOT NULL,
	"started_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone NOT NULL,
	"duration_ms" bigint DEFAULT 0 NOT NULL,
	"type" text NOT NULL,
	"region" text,
	"lost" boolean NOT NULL,
	"with_agent" boolean NOT NULL,
	"peak_participants" integer NOT NULL,
	"measured_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "analytics_calls_type_check" CHECK ("analytics_calls"."type" in ('audio', 'video', 'screen_share'))
);
--> statement-breakpoint
CREATE TABLE "analytics_dirty" (
	"organization_id" text collate "C" NOT NULL,
	"moment" timestamp (3) with time zone NOT NULL,
	"since" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "analytics_dirty_organization_id_moment_pk" PRIMARY KEY("organization_id","moment")
);
--> statement-breakpoint
CREATE TABLE "analytics_participations" (
	"participant_id" text collate "C" PRIMARY KEY NOT NULL,
	"organization_id" text collate "C" NOT NULL,
	"call_id" text collate "C" NOT NULL,
	"room_id" text collate "C" NOT NULL,
	"started_at" timestamp (3) with time zone NOT NULL,
	"kind" text NOT NULL,
	"user_id" text collate "C",
	"region" text,
	"connected_ms" bigint DEFAULT 0 NOT NULL,
	"bytes_sent" bigint DEFAULT 0 NOT NULL,
	"bytes_received" bigint DEFAULT 0 NOT NULL,
	"connection" text NOT NULL,
	"cause" text NOT NULL,
	"mos" integer,
	"round_trip_ms" integer,
	"jitter_ms" integer,
	"loss_ppm" integer,
	"bitrate_kbps" integer,
	CONSTRAINT "analytics_participations_kind_check" CHECK ("analytics_participations"."kind" in ('user', 'guest', 'service', 'agent')),
	CONSTRAINT "analytics_participations_connection_check" CHECK ("analytics_participations"."connection" in ('udp', 'relay', 'tcp', 'tls', 'unknown')),
	CONSTRAINT "analytics_participations_cause_check" CHECK ("analytics_participations"."cause" in ('healthy', 'uplink_loss', 'downlink_loss', 'uplink_bandwidth', 'downlink_bandwidth', 'high_latency', 'relay_over_tcp', 'cpu_limited', 'remote_publisher', 'server_path', 'muted', 'unknown'))
);
--> statement-breakpoint
CREATE TABLE "analytics_zones" (
	"organization_id" text collate "C" PRIMARY KEY NOT NULL,
	"time_zone" text NOT NULL,
	"next_time_zone" text,
	"built_until" timestamp (3) with time zone
);
--> statement-breakpoint
ALTER TABLE "analytics_buckets" ADD CONSTRAINT "analytics_buckets_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "analytics_calls" ADD CONSTRAINT "analytics_calls_call_id_calls_id_fk" FOREIGN KEY ("call_id") REFERENCES "public"."calls"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "analytics_calls" ADD CONSTRAINT "analytics_calls_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "analytics_dirty" ADD CONSTRAINT "analytics_dirty_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "analytics_participations" ADD CONSTRAINT "analytics_participations_participant_id_call_participants_id_fk" FOREIGN KEY ("participant_id") REFERENCES "public"."call_participants"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "analytics_participations" ADD CONSTRAINT "analytics_participations_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "analytics_participations" ADD CONSTRAINT "analytics_participations_call_id_analytics_calls_call_id_fk" FOREIGN KEY ("call_id") REFERENCES "public"."analytics_calls"("call_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "analytics_participations" ADD CONSTRAINT "analytics_participations_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "analytics_zones" ADD CONSTRAINT "analytics_zones_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "analytics_calls_organization_id_idx" ON "analytics_calls" USING btree ("organization_id","started_at");--> statement-breakpoint
CREATE INDEX "analytics_dirty_since_idx" ON "analytics_dirty" USING btree ("since");--> statement-breakpoint
CREATE INDEX "analytics_participations_organization_id_idx" ON "analytics_participations" USING btree ("organization_id","started_at");--> statement-breakpoint
CREATE INDEX "analytics_participations_call_id_idx" ON "analytics_participations" USING btree ("call_id");--> statement-breakpoint
CREATE INDEX "analytics_participations_user_id_idx" ON "analytics_participations" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "analytics_zones_next_idx" ON "analytics_zones" USING btree ("organization_id") WHERE "analytics_zones"."next_time_zone" is not null;--> statement-breakpoint
CREATE INDEX "calls_ended_at_idx" ON "calls" USING btree ("ended_at");--> statement-breakpoint
select tenant_wall('analytics_buckets');--> statement-breakpoint
grant select, insert, update, delete on analytics_buckets to auralink_app, auralink_system;--> statement-breakpoint
select tenant_wall('analytics_calls');--> statement-breakpoint
grant select, insert, update, delete on analytics_calls to auralink_app, auralink_system;--> statement-breakpoint
select tenant_wall('analytics_dirty');--> statement-breakpoint
grant select, insert, update, delete on analytics_dirty to auralink_app, auralink_system;--> statement-breakpoint
select tenant_wall('analytics_participations');--> statement-breakpoint
grant select, insert, update, delete on analytics_participations to auralink_app, auralink_system;--> statement-breakpoint
select tenant_wall('analytics_zones');--> statement-breakpoint
grant select, insert, update, delete on analytics_zones to auralink_app, auralink_system;
