ALTER TABLE "subscriptions" ADD COLUMN "refund_due_at" timestamp (3) with time zone;
