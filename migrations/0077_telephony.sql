CREATE TABLE "phone_calls" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"organization_id" text collate "C" NOT NULL,
	"room_id" text collate "C" NOT NULL,
	"call_id" text collate "C" NOT NULL,
	"cluster" text NOT NULL,
	"participant_id" text collate "C" NOT NULL,
	"phone_trunk_id" text collate "C",
	"number" text NOT NULL,
	"caller_number" text NOT NULL,
	"prefix" text NOT NULL,
	"name" text NOT NULL,
	"sealed_digits" text,
	"ring_seconds" integer NOT NULL,
	"state" text NOT NULL,
	"reason" text,
	"state_at" timestamp (3) with time zone NOT NULL,
	"dialed_at" timestamp (3) with time zone,
	"connection_sid" text,
	"missing_at" timestamp (3) with time zone,
	"answered_at" timestamp (3) with time zone,
	"ended_at" timestamp (3) with time zone,
	"requested_by" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "phone_calls_state_check" CHECK ("phone_calls"."state" in ('requested', 'dialing', 'ringing', 'active', 'ending', 'ended', 'failed')),
	CONSTRAINT "phone_calls_reason_check" CHECK ("phone_calls"."reason" in ('cancelled', 'ended_by_host', 'removed', 'call_ended', 'trunk_closed', 'not_included', 'room_deleted', 'organization_deleted', 'hung_up', 'no_answer', 'declined', 'line_failed', 'number_not_allowed', 'address_refused', 'password_unreadable', 'refused', 'no_worker', 'lost'))
);
--> statement-breakpoint
CREATE TABLE "phone_trunks" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"organization_id" text collate "C" NOT NULL,
	"name" text NOT NULL,
	"enabled" boolean NOT NULL,
	"address" text NOT NULL,
	"transport" text NOT NULL,
	"numbers" text[] NOT NULL,
	"allowed_prefixes" text[] NOT NULL,
	"username" text,
	"sealed_password" text,
	"created_by" text collate "C",
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "phone_trunks_transport_check" CHECK ("phone_trunks"."transport" in ('auto', 'udp', 'tcp', 'tls'))
);
--> statement-breakpoint
ALTER TABLE "analytics_participations" DROP CONSTRAINT "analytics_participations_kind_check";--> statement-breakpoint
ALTER TABLE "call_connections" DROP CONSTRAINT "call_connections_leave_reason_check";--> statement-breakpoint
ALTER TABLE "call_participants" DROP CONSTRAINT "call_participants_kind_check";--> statement-breakpoint
ALTER TABLE "phone_calls" ADD CONSTRAINT "phone_calls_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "phone_calls" ADD CONSTRAINT "phone_calls_room_id_rooms_id_fk" FOREIGN KEY ("room_id") REFERENCES "public"."rooms"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "phone_calls" ADD CONSTRAINT "phone_calls_call_id_calls_id_fk" FOREIGN KEY ("call_id") REFERENCES "public"."calls"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "phone_calls" ADD CONSTRAINT "phone_calls_participant_id_call_participants_id_fk" FOREIGN KEY ("participant_id") REFERENCES "public"."call_participants"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "phone_calls" ADD CONSTRAINT "phone_calls_phone_trunk_id_phone_trunks_id_fk" FOREIGN KEY ("phone_trunk_id") REFERENCES "public"."phone_trunks"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "phone_trunks" ADD CONSTRAINT "phone_trunks_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "phone_trunks" ADD CONSTRAINT "phone_trunks_created_by_users_id_fk" FOREIGN KEY ("created_by") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "phone_calls_organization_id_idx" ON "phone_calls" USING btree ("organization_id","id");--> statement-breakpoint
CREATE INDEX "phone_calls_organization_created_idx" ON "phone_calls" USING btree ("organization_id","created_at");--> statement-breakpoint
CREATE INDEX "phone_calls_room_id_idx" ON "phone_calls" USING btree ("room_id","id");--> statement-breakpoint
CREATE INDEX "phone_calls_call_id_idx" ON "phone_calls" USING btree ("call_id");--> statement-breakpoint
CREATE INDEX "phone_calls_participant_id_idx" ON "phone_calls" USING btree ("participant_id");--> statement-breakpoint
CREATE INDEX "phone_calls_phone_trunk_id_idx" ON "phone_calls" USING btree ("phone_trunk_id");--> statement-breakpoint
CREATE INDEX "phone_calls_open_idx" ON "phone_calls" USING btree ("id") WHERE "phone_calls"."state" not in ('ended', 'failed');--> statement-breakpoint
CREATE INDEX "phone_trunks_organization_id_idx" ON "phone_trunks" USING btree ("organization_id","id");--> statement-breakpoint
CREATE INDEX "phone_trunks_created_by_idx" ON "phone_trunks" USING btree ("created_by");--> statement-breakpoint
ALTER TABLE "analytics_participations" ADD CONSTRAINT "analytics_participations_kind_check" CHECK ("analytics_participations"."kind" in ('user', 'guest', 'service', 'agent', 'phone'));--> statement-breakpoint
ALTER TABLE "call_connections" ADD CONSTRAINT "call_connections_leave_reason_check" CHECK ("call_connections"."leave_reason" in ('left', 'replaced', 'removed', 'call_ended', 'connection_lost', 'join_failed', 'server_stopped', 'moved', 'unanswered', 'declined', 'line_failed'));--> statement-breakpoint
ALTER TABLE "call_participants" ADD CONSTRAINT "call_participants_kind_check" CHECK ("call_participants"."kind" in ('user', 'guest', 'service', 'agent', 'phone'));--> statement-breakpoint
select tenant_wall('phone_calls');--> statement-breakpoint
grant select, insert, update, delete on phone_calls to auralink_app, auralink_system;--> statement-breakpoint
select tenant_wall('phone_trunks');--> statement-breakpoint
grant select, insert, update, delete on phone_trunks to auralink_app, auralink_system;
