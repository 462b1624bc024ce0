CREATE TABLE "moderation_policies" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"organization_id" text collate "C" NOT NULL,
	"room_id" text collate "C",
	"enabled" boolean NOT NULL,
	"exempt_moderators" boolean NOT NULL,
	"allow_room_policies" boolean NOT NULL,
	"rules" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"version" integer DEFAULT 1 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "moderation_reviews" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"organization_id" text collate "C" NOT NULL,
	"room_id" text collate "C" NOT NULL,
	"call_id" text collate "C",
	"subject" text NOT NULL,
	"subject_key" text NOT NULL,
	"message_id" text collate "C",
	"identity" text NOT NULL,
	"user_id" text collate "C",
	"name" text NOT NULL,
	"text" text NOT NULL,
	"thread_id" text collate "C",
	"reply_to_id" text collate "C",
	"file_ids" jsonb NOT NULL,
	"action" text NOT NULL,
	"rule" text NOT NULL,
	"phrase" text NOT NULL,
	"muted" boolean NOT NULL,
	"state" text NOT NULL,
	"measure" text NOT NULL,
	"note" text,
	"posted_message_id" text collate "C",
	"decided_by" text collate "C",
	"created_at" timestamp (3) with time zone NOT NULL,
	"decided_at" timestamp (3) with time zone,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "moderation_reviews_subject_check" CHECK ("moderation_reviews"."subject" in ('chat', 'caption')),
	CONSTRAINT "moderation_reviews_action_check" CHECK ("moderation_reviews"."action" in ('flag', 'hide')),
	CONSTRAINT "moderation_reviews_state_check" CHECK ("moderation_reviews"."state" in ('open', 'approved', 'confirmed', 'withdrawn')),
	CONSTRAINT "moderation_reviews_measure_check" CHECK ("moderation_reviews"."measure" in ('none', 'mute', 'remove')),
	CONSTRAINT "moderation_reviews_decided_check" CHECK (("moderation_reviews"."state" = 'open') = ("moderation_reviews"."decided_at" is null))
);
--> statement-breakpoint
ALTER TABLE "moderation_policies" ADD CONSTRAINT "moderation_policies_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "moderation_policies" ADD CONSTRAINT "moderation_policies_room_id_rooms_id_fk" FOREIGN KEY ("room_id") REFERENCES "public"."rooms"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "moderation_reviews" ADD CONSTRAINT "moderation_reviews_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "moderation_reviews" ADD CONSTRAINT "moderation_reviews_room_id_rooms_id_fk" FOREIGN KEY ("room_id") REFERENCES "public"."rooms"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "moderation_reviews" ADD CONSTRAINT "moderation_reviews_call_id_calls_id_fk" FOREIGN KEY ("call_id") REFERENCES "public"."calls"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "moderation_reviews" ADD CONSTRAINT "moderation_reviews_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "moderation_reviews" ADD CONSTRAINT "moderation_reviews_decided_by_users_id_fk" FOREIGN KEY ("decided_by") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "moderation_policies_organization_key" ON "moderation_policies" USING btree ("organization_id") WHERE "moderation_policies"."room_id" is null;--> statement-breakpoint
CREATE INDEX "moderation_policies_organization_id_idx" ON "moderation_policies" USING btree ("organization_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "moderation_policies_room_key" ON "moderation_policies" USING btree ("room_id");--> statement-breakpoint
CREATE INDEX "moderation_reviews_organization_id_idx" ON "moderation_reviews" USING btree ("organization_id","id");--> statement-breakpoint
CREATE INDEX "moderation_reviews_room_id_idx" ON "moderation_reviews" USING btree ("room_id","id");--> statement-breakpoint
CREATE INDEX "moderation_reviews_open_idx" ON "moderation_reviews" USING btree ("room_id","identity") WHERE "moderation_reviews"."decided_at" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "moderation_reviews_subject_key" ON "moderation_reviews" USING btree ("room_id","subject_key");--> statement-breakpoint
CREATE INDEX "moderation_reviews_message_id_idx" ON "moderation_reviews" USING btree ("message_id");--> statement-breakpoint
CREATE UNIQUE INDEX "moderation_reviews_posted_message_id_idx" ON "moderation_reviews" USING btree ("posted_message_id");--> statement-breakpoint
CREATE INDEX "moderation_reviews_call_id_idx" ON "moderation_reviews" USING btree ("call_id","id");--> statement-breakpoint
CREATE INDEX "moderation_reviews_user_id_idx" ON "moderation_reviews" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "moderation_reviews_decided_by_idx" ON "moderation_reviews" USING btree ("decided_by");--> statement-breakpoint
CREATE INDEX "moderation_reviews_decided_at_idx" ON "moderation_reviews" USING btree ("decided_at");--> statement-breakpoint
select tenant_wall('moderation_policies');--> statement-breakpoint
grant select, insert, update, delete on moderation_policies to auralink_app, auralink_system;--> statement-breakpoint
select tenant_wall('moderation_reviews');--> statement-breakpoint
grant select, insert, update, delete on moderation_reviews to auralink_app, auralink_system;
