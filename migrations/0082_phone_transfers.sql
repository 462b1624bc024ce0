ALTER TABLE "phone_calls" DROP CONSTRAINT "phone_calls_reason_check";--> statement-breakpoint
ALTER TABLE "phone_calls" ADD COLUMN "transfer_number" text;--> statement-breakpoint
ALTER TABLE "phone_calls" ADD COLUMN "transfer_state" text;--> statement-breakpoint
ALTER TABLE "phone_calls" ADD CONSTRAINT "phone_calls_transfer_state_check" CHECK ("phone_calls"."transfer_state" in ('requested', 'asked', 'done', 'failed', 'unknown'));--> statement-breakpoint
ALTER TABLE "phone_calls" ADD CONSTRAINT "phone_calls_reason_check" CHECK ("phone_calls"."reason" in ('cancelled', 'ended_by_host', 'transferred', 'removed', 'call_ended', 'trunk_closed', 'not_included', 'room_deleted', 'organization_deleted', 'hung_up', 'no_answer', 'declined', 'line_failed', 'number_not_allowed', 'address_refused', 'password_unreadable', 'refused', 'no_worker', 'lost'));
