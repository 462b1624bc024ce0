ALTER TABLE "call_participants" ADD COLUMN "credential" text;--> statement-breakpoint
ALTER TABLE "room_moves" ADD COLUMN "credential" text;--> statement-breakpoint
CREATE INDEX "call_participants_credential_idx" ON "call_participants" USING btree ("credential");
