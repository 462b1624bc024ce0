ALTER TABLE "analytics_ai_dirty" ADD COLUMN "postponed_until" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "invoice_reconciliations" ADD COLUMN "unread" text[] DEFAULT '{}' NOT NULL;--> statement-breakpoint
CREATE INDEX "phone_calls_organization_answered_idx" ON "phone_calls" USING btree ("organization_id","answered_at");
