ALTER TABLE "call_captions" ADD COLUMN "speak_in" jsonb DEFAULT '[]'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "call_captions" ADD COLUMN "spoken_since" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "call_captions" ADD CONSTRAINT "call_captions_spoken_check" CHECK (("call_captions"."spoken_since" is null) = ("call_captions"."speak_in" = '[]'::jsonb));
