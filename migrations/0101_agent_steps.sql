ALTER TABLE "agent_messages" DROP CONSTRAINT "agent_messages_state_check";--> statement-breakpoint
ALTER TABLE "agent_messages" ADD COLUMN "rounds" jsonb DEFAULT '[]'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "agent_messages" ADD COLUMN "stepped_at" timestamp (3) with time zone;--> statement-breakpoint
CREATE INDEX "agent_messages_running_idx" ON "agent_messages" USING btree ("id") WHERE state = 'running';--> statement-breakpoint
ALTER TABLE "agent_messages" ADD CONSTRAINT "agent_messages_state_check" CHECK ("agent_messages"."state" in ('running', 'awaiting', 'complete', 'failed', 'cancelled'));
