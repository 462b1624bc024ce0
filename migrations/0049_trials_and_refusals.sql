ALTER TABLE "minute_budgets" ADD COLUMN "spent_micros" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "minute_budgets" ADD COLUMN "over_ms" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "minute_budgets" ADD COLUMN "included_ms" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "minute_budgets" ADD COLUMN "minute_micros" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "organizations" ADD COLUMN "trial_ends_at" timestamp (3) with time zone;--> statement-breakpoint
UPDATE "organizations" o SET "trial_ends_at" = s."trial_ends_at" FROM "subscriptions" s WHERE s."organization_id" = o."id" AND s."status" = 'trialing';
