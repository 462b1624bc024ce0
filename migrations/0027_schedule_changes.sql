ALTER TABLE "rooms" ADD COLUMN "schedule_changes" jsonb DEFAULT '[]'::jsonb NOT NULL;
