ALTER TABLE "call_captions" ADD COLUMN "translate_by" text DEFAULT 'rules' NOT NULL;--> statement-breakpoint
ALTER TABLE "call_captions" ADD COLUMN "translation_model" text;--> statement-breakpoint
ALTER TABLE "call_captions" ADD COLUMN "asker_id" text collate "C";--> statement-breakpoint
CREATE INDEX "call_captions_asker_id_idx" ON "call_captions" USING btree ("asker_id");--> statement-breakpoint
ALTER TABLE "call_captions" ADD CONSTRAINT "call_captions_translate_by_check" CHECK ("call_captions"."translate_by" in ('rules', 'auto', 'model'));
