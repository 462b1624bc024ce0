ALTER TABLE "minute_budgets" ADD COLUMN "month_ms" bigint DEFAULT 0 NOT NULL;
