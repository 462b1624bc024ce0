CREATE TABLE "moderation_checks" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"organization_id" text collate "C" NOT NULL,
	"room_id" text collate "C" NOT NULL,
	"call_id" text collate "C",
	"lines" jsonb NOT NULL,
	"subject_key" text NOT NULL,
	"state" text NOT NULL,
	"reason" text,
	"error_code" text,
	"found" integer DEFAULT 0 NOT NULL,
	"generation_id" text collate "C",
	"created_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "moderation_checks_state_check" CHECK ("moderation_checks"."state" in ('running', 'done', 'failed')),
	CONSTRAINT "moderation_checks_reason_check" CHECK ("moderation_checks"."reason" in ('author_gone', 'not_asked', 'generation_failed', 'generation_cancelled', 'answer_cut', 'answer_not_readable', 'answer_gone')),
	CONSTRAINT "moderation_checks_ended_check" CHECK (("moderation_checks"."state" = 'running') = ("moderation_checks"."ended_at" is null)),
	CONSTRAINT "moderation_checks_failed_check" CHECK (("moderation_checks"."state" = 'failed') = ("moderation_checks"."reason" is not null))
);
--> statement-breakpoint
ALTER TABLE "moderation_policies" ADD COLUMN "model_check" jsonb;--> statement-breakpoint
ALTER TABLE "moderation_policies" ADD COLUMN "author_id" text collate "C";--> statement-breakpoint
ALTER TABLE "moderation_reviews" ADD COLUMN "source" text DEFAULT 'words' NOT NULL;--> statement-breakpoint
ALTER TABLE "moderation_reviews" ADD COLUMN "category" text;--> statement-breakpoint
ALTER TABLE "moderation_reviews" ADD COLUMN "severity" text;--> statement-breakpoint
ALTER TABLE "moderation_checks" ADD CONSTRAINT "moderation_checks_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "moderation_checks" ADD CONSTRAINT "moderation_checks_room_id_rooms_id_fk" FOREIGN KEY ("room_id") REFERENCES "public"."rooms"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "moderation_checks" ADD CONSTRAINT "moderation_checks_call_id_calls_id_fk" FOREIGN KEY ("call_id") REFERENCES "public"."calls"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "moderation_checks" ADD CONSTRAINT "moderation_checks_generation_id_ai_generations_id_fk" FOREIGN KEY ("generation_id") REFERENCES "public"."ai_generations"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "moderation_checks_organization_id_idx" ON "moderation_checks" USING btree ("organization_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "moderation_checks_subject_key" ON "moderation_checks" USING btree ("room_id","subject_key");--> statement-breakpoint
CREATE INDEX "moderation_checks_call_id_idx" ON "moderation_checks" USING btree ("call_id");--> statement-breakpoint
CREATE INDEX "moderation_checks_generation_id_idx" ON "moderation_checks" USING btree ("generation_id");--> statement-breakpoint
CREATE INDEX "moderation_checks_created_at_idx" ON "moderation_checks" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "moderation_checks_running_idx" ON "moderation_checks" USING btree ("created_at") WHERE "moderation_checks"."ended_at" is null;--> statement-breakpoint
ALTER TABLE "moderation_policies" ADD CONSTRAINT "moderation_policies_author_id_users_id_fk" FOREIGN KEY ("author_id") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "moderation_policies_author_id_idx" ON "moderation_policies" USING btree ("author_id");--> statement-breakpoint
ALTER TABLE "moderation_reviews" ADD CONSTRAINT "moderation_reviews_source_check" CHECK ("moderation_reviews"."source" in ('words', 'model', 'not_checked'));--> statement-breakpoint
ALTER TABLE "moderation_reviews" ADD CONSTRAINT "moderation_reviews_category_check" CHECK ("moderation_reviews"."category" in ('harassment', 'hate', 'sexual', 'violence', 'self_harm', 'illegal', 'personal_data', 'spam'));--> statement-breakpoint
ALTER TABLE "moderation_reviews" ADD CONSTRAINT "moderation_reviews_severity_check" CHECK ("moderation_reviews"."severity" in ('low', 'medium', 'high'));--> statement-breakpoint
ALTER TABLE "moderation_reviews" ADD CONSTRAINT "moderation_reviews_model_check" CHECK (("moderation_reviews"."source" = 'model') = ("moderation_reviews"."category" is not null and "moderation_reviews"."severity" is not null));--> statement-breakpoint
select tenant_wall('moderation_checks');--> statement-breakpoint
grant select, insert, update, delete on moderation_checks to auralink_app, auralink_system;
