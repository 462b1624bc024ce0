ALTER TABLE "subscriptions" ADD COLUMN "command_key" text;--> statement-breakpoint
ALTER TABLE "subscriptions" ADD COLUMN "command_expires_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "subscriptions" ADD COLUMN "is_command_interrupted" boolean DEFAULT false NOT NULL;
