ALTER TABLE "call_participants" ADD COLUMN "network" text;--> statement-breakpoint
ALTER TABLE "call_participants" ADD COLUMN "link_id" text collate "C";--> statement-breakpoint
ALTER TABLE "room_people" ADD COLUMN "excludes_network" boolean DEFAULT false NOT NULL;
