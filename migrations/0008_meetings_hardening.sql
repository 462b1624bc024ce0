-- An event's id is its cluster's own: no cluster can take another's place.
ALTER TABLE "livekit_events" DROP CONSTRAINT "livekit_events_pkey";--> statement-breakpoint
ALTER TABLE "livekit_events" ADD CONSTRAINT "livekit_events_cluster_id_pk" PRIMARY KEY("cluster","id");--> statement-breakpoint
ALTER TABLE "quality_totals" ADD COLUMN "size" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
UPDATE "quality_totals" t SET "size" = (SELECT coalesce(sum(s."size"), 0) FROM "quality_samples" s WHERE s."participant_id" = t."participant_id");--> statement-breakpoint
ALTER TABLE "rooms" ADD COLUMN "direct" boolean DEFAULT false NOT NULL;--> statement-breakpoint
UPDATE "rooms" SET "direct" = true WHERE "id" IN (SELECT "room_id" FROM "rings" WHERE "direct");--> statement-breakpoint
CREATE INDEX "call_participants_connected_idx" ON "call_participants" USING btree ("identity") WHERE "call_participants"."status" = 'connected';
