ALTER TABLE "chat_messages" ADD COLUMN "file_ids" jsonb DEFAULT '[]'::jsonb NOT NULL;
