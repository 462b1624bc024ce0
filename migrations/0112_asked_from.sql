ALTER TABLE "call_questions" ADD COLUMN "asked_from" timestamp (3) with time zone;
--> statement-breakpoint
-- Places are stored in another form. A question that is being answered at this moment finds none, and is `not_found`.
UPDATE "call_questions" SET "lines" = '[]';
