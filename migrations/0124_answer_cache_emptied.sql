ALTER TABLE "ai_answer_savings" ADD COLUMN "emptied_at" timestamp (3) with time zone;
