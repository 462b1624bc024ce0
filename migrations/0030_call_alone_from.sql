ALTER TABLE "calls" ADD COLUMN "alone_from" timestamp (3) with time zone;
