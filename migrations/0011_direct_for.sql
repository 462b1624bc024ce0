ALTER TABLE "rooms" ADD COLUMN "direct_for" text collate "C";--> statement-breakpoint
ALTER TABLE "rooms" ADD CONSTRAINT "rooms_direct_for_users_id_fk" FOREIGN KEY ("direct_for") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "rooms_direct_for_idx" ON "rooms" USING btree ("direct_for");--> statement-breakpoint
-- Of the direct rooms that are there, their rings tell whom they are for, as far as they are kept.
UPDATE "rooms" r SET "direct_for" = (
  SELECT CASE WHEN g."caller_id" = r."created_by" THEN g."callee_id" ELSE g."caller_id" END
  FROM "rings" g WHERE g."room_id" = r."id" AND g."direct" AND r."created_by" IN (g."caller_id", g."callee_id")
  LIMIT 1)
WHERE r."direct";
