CREATE TABLE "dial_ins" (
	"room_id" text collate "C" PRIMARY KEY NOT NULL,
	"organization_id" text collate "C" NOT NULL,
	"enabled" boolean NOT NULL,
	"sealed_pin" text NOT NULL,
	"cluster" text,
	"cluster_rule" text,
	"cluster_trunks" text[] NOT NULL,
	"call_id" text collate "C",
	"is_sent" boolean NOT NULL,
	"begun_at" timestamp (3) with time zone,
	"state" text NOT NULL,
	"reason" text,
	"state_at" timestamp (3) with time zone NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "dial_ins_state_check" CHECK ("dial_ins"."state" in ('open', 'closed')),
	CONSTRAINT "dial_ins_reason_check" CHECK ("dial_ins"."reason" in ('no_call', 'no_number', 'locked', 'lobby', 'waits_for_host', 'needs_consent', 'room_ended', 'other_cluster', 'refused', 'disabled', 'not_included', 'pin_unreadable', 'room_deleted', 'organization_deleted'))
);
--> statement-breakpoint
CREATE TABLE "phone_numbers" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"organization_id" text collate "C" NOT NULL,
	"name" text NOT NULL,
	"number" text NOT NULL,
	"enabled" boolean NOT NULL,
	"allowed_networks" text[] NOT NULL,
	"transfer_prefixes" text[] NOT NULL,
	"username" text,
	"sealed_password" text,
	"cluster" text NOT NULL,
	"cluster_trunk" text,
	"begun_at" timestamp (3) with time zone,
	"is_sent" boolean NOT NULL,
	"state" text NOT NULL,
	"reason" text,
	"state_at" timestamp (3) with time zone NOT NULL,
	"created_by" text collate "C",
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "phone_numbers_state_check" CHECK ("phone_numbers"."state" in ('requested', 'ready', 'off', 'failed')),
	CONSTRAINT "phone_numbers_reason_check" CHECK ("phone_numbers"."reason" in ('disabled', 'not_included', 'organization_deleted', 'no_cluster', 'refused', 'password_unreadable'))
);
--> statement-breakpoint
ALTER TABLE "phone_calls" DROP CONSTRAINT "phone_calls_reason_check";--> statement-breakpoint
ALTER TABLE "phone_calls" ADD COLUMN "direction" text DEFAULT 'out' NOT NULL;--> statement-breakpoint
ALTER TABLE "phone_calls" ADD COLUMN "phone_number_id" text collate "C";--> statement-breakpoint
ALTER TABLE "phone_calls" ADD COLUMN "caller_identity" text;--> statement-breakpoint
ALTER TABLE "dial_ins" ADD CONSTRAINT "dial_ins_room_id_rooms_id_fk" FOREIGN KEY ("room_id") REFERENCES "public"."rooms"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "dial_ins" ADD CONSTRAINT "dial_ins_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "dial_ins" ADD CONSTRAINT "dial_ins_call_id_calls_id_fk" FOREIGN KEY ("call_id") REFERENCES "public"."calls"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "phone_numbers" ADD CONSTRAINT "phone_numbers_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "phone_numbers" ADD CONSTRAINT "phone_numbers_created_by_users_id_fk" FOREIGN KEY ("created_by") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "dial_ins_organization_id_idx" ON "dial_ins" USING btree ("organization_id");--> statement-breakpoint
CREATE INDEX "dial_ins_call_id_idx" ON "dial_ins" USING btree ("call_id");--> statement-breakpoint
CREATE INDEX "dial_ins_at_cluster_idx" ON "dial_ins" USING btree ("cluster") WHERE "dial_ins"."cluster" is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "phone_numbers_number_key" ON "phone_numbers" USING btree ("number");--> statement-breakpoint
CREATE INDEX "phone_numbers_organization_id_idx" ON "phone_numbers" USING btree ("organization_id","id");--> statement-breakpoint
CREATE INDEX "phone_numbers_created_by_idx" ON "phone_numbers" USING btree ("created_by");--> statement-breakpoint
CREATE INDEX "phone_numbers_at_cluster_idx" ON "phone_numbers" USING btree ("cluster","id") WHERE "phone_numbers"."cluster_trunk" is not null;--> statement-breakpoint
ALTER TABLE "phone_calls" ADD CONSTRAINT "phone_calls_phone_number_id_phone_numbers_id_fk" FOREIGN KEY ("phone_number_id") REFERENCES "public"."phone_numbers"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "phone_calls_phone_number_id_idx" ON "phone_calls" USING btree ("phone_number_id");--> statement-breakpoint
ALTER TABLE "phone_calls" ADD CONSTRAINT "phone_calls_direction_check" CHECK ("phone_calls"."direction" in ('out', 'in'));--> statement-breakpoint
ALTER TABLE "phone_calls" ADD CONSTRAINT "phone_calls_reason_check" CHECK ("phone_calls"."reason" in ('cancelled', 'ended_by_host', 'transferred', 'removed', 'call_ended', 'trunk_closed', 'number_closed', 'not_included', 'room_deleted', 'organization_deleted', 'hung_up', 'no_answer', 'declined', 'line_failed', 'number_not_allowed', 'address_refused', 'password_unreadable', 'refused', 'no_worker', 'not_admitted', 'room_full', 'limit_reached', 'lost'));--> statement-breakpoint
select tenant_wall('dial_ins');--> statement-breakpoint
grant select, insert, update, delete on dial_ins to auralink_app, auralink_system;--> statement-breakpoint
select tenant_wall('phone_numbers');--> statement-breakpoint
grant select, insert, update, delete on phone_numbers to auralink_app, auralink_system;
