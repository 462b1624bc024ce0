DROP INDEX "outbox_due_idx";--> statement-breakpoint
DROP INDEX "outbox_turn_idx";--> statement-breakpoint
ALTER TABLE "outbox" ADD COLUMN "seq" bigint NOT NULL GENERATED ALWAYS AS IDENTITY (sequence name "outbox_seq_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1);--> statement-breakpoint
ALTER TABLE "outbox" ADD COLUMN "lane" text collate "C" GENERATED ALWAYS AS (coalesce(organization_id, key)) STORED NOT NULL;--> statement-breakpoint
CREATE INDEX "outbox_pending_idx" ON "outbox" USING btree ("lane","available_at","seq") WHERE "outbox"."status" = 'pending';--> statement-breakpoint
CREATE INDEX "outbox_flight_idx" ON "outbox" USING btree ("lane","key") WHERE "outbox"."status" in ('published', 'running');--> statement-breakpoint
CREATE INDEX "outbox_turn_idx" ON "outbox" USING btree ("lane","key","seq") WHERE "outbox"."status" in ('pending', 'published', 'running');