ALTER TABLE "agent_conversations" ADD COLUMN "in_call" boolean DEFAULT false NOT NULL;--> statement-breakpoint
CREATE INDEX "agent_conversations_in_call_idx" ON "agent_conversations" USING btree ("updated_at") WHERE in_call;--> statement-breakpoint
UPDATE "agent_conversations" SET "in_call" = true WHERE "id" IN (SELECT "conversation_id" FROM "call_agents");
