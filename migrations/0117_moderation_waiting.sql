ALTER TABLE "moderation_checks" ADD COLUMN "ask_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "moderation_checks" ADD COLUMN "asked_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "moderation_checks" ADD COLUMN "is_half" boolean DEFAULT false NOT NULL;--> statement-breakpoint
CREATE INDEX "moderation_checks_room_id_idx" ON "moderation_checks" USING btree ("room_id","created_at");--> statement-breakpoint
CREATE INDEX "moderation_checks_waiting_idx" ON "moderation_checks" USING btree ("ask_at") WHERE "moderation_checks"."ask_at" is not null;--> statement-breakpoint
CREATE INDEX "moderation_reviews_captions_idx" ON "moderation_reviews" USING btree ("subject_key") WHERE "moderation_reviews"."subject" = 'caption' and "moderation_reviews"."state" in ('open', 'approved') and "moderation_reviews"."text" <> '';--> statement-breakpoint
ALTER TABLE "moderation_checks" ADD CONSTRAINT "moderation_checks_waiting_check" CHECK ("moderation_checks"."ask_at" is null or "moderation_checks"."state" = 'running');
