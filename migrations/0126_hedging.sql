ALTER TABLE "ai_preferences" ADD COLUMN "hedge_after_seconds" integer;--> statement-breakpoint
ALTER TABLE "ai_generations" ADD COLUMN "hedge" jsonb;
