ALTER TABLE "rooms" DROP CONSTRAINT "rooms_automatic_recording_check";--> statement-breakpoint
ALTER TABLE "rooms" ADD CONSTRAINT "rooms_automatic_recording_check" CHECK ("rooms"."automatic_recording" in ('off', 'composite', 'audio', 'organization'));
