ALTER TABLE "calls" DROP CONSTRAINT "calls_end_reason_check";--> statement-breakpoint
ALTER TABLE "calls" ADD COLUMN "alone_timeout_seconds" integer;--> statement-breakpoint
ALTER TABLE "rooms" ADD COLUMN "wait_for_host" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "rooms" ADD COLUMN "alone_timeout_seconds" integer;--> statement-breakpoint
ALTER TABLE "calls" ADD CONSTRAINT "calls_end_reason_check" CHECK ("calls"."end_reason" in ('closed', 'empty', 'out_of_time', 'lost', 'nobody_came', 'alone'));
