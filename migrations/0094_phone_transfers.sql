ALTER TABLE "phone_calls" DROP CONSTRAINT "phone_calls_reason_check";--> statement-breakpoint
ALTER TABLE "phone_calls" ADD COLUMN "transfers" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "phone_calls" ADD COLUMN "transferred_at" timestamp (3) with time zone;--> statement-breakpoint
CREATE INDEX "phone_calls_organization_transferred_idx" ON "phone_calls" USING btree ("organization_id","transferred_at");--> statement-breakpoint
ALTER TABLE "phone_calls" ADD CONSTRAINT "phone_calls_reason_check" CHECK ("phone_calls"."reason" in ('cancelled', 'ended_by_host', 'transferred', 'removed', 'call_ended', 'trunk_closed', 'number_closed', 'not_included', 'room_deleted', 'organization_deleted', 'hung_up', 'no_answer', 'declined', 'line_failed', 'number_not_allowed', 'address_refused', 'password_unreadable', 'refused', 'no_worker', 'not_admitted', 'room_full', 'limit_reached', 'too_late', 'lost'));
