ALTER TABLE "lobby_entries" ADD COLUMN "call_id" text collate "C";
