ALTER TABLE "rooms" ADD COLUMN "automatic_recording" text DEFAULT 'off' NOT NULL;--> statement-breakpoint
ALTER TABLE "rooms" ADD CONSTRAINT "rooms_automatic_recording_check" CHECK ("rooms"."automatic_recording" in ('off', 'composite', 'audio'));
