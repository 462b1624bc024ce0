ALTER TABLE "call_captions" ALTER COLUMN "requested_by" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "summaries" ALTER COLUMN "requested_by" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "transcript_corrections" ALTER COLUMN "corrected_by" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "transcriptions" ALTER COLUMN "requested_by" DROP NOT NULL;--> statement-breakpoint
CREATE INDEX "call_captions_requested_by_idx" ON "call_captions" USING btree ("requested_by");--> statement-breakpoint
CREATE INDEX "summaries_requested_by_idx" ON "summaries" USING btree ("requested_by");--> statement-breakpoint
CREATE INDEX "transcript_corrections_corrected_by_idx" ON "transcript_corrections" USING btree ("corrected_by");--> statement-breakpoint
CREATE INDEX "transcript_segments_speaker_idx" ON "transcript_segments" USING btree ("speaker") WHERE "transcript_segments"."speaker" is not null;--> statement-breakpoint
CREATE INDEX "transcript_segments_corrected_by_idx" ON "transcript_segments" USING btree ("corrected_by") WHERE "transcript_segments"."corrected_by" is not null;--> statement-breakpoint
CREATE INDEX "transcriptions_requested_by_idx" ON "transcriptions" USING btree ("requested_by");
