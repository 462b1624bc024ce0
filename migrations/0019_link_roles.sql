ALTER TABLE "room_people" ADD COLUMN "role_call_id" text collate "C";
