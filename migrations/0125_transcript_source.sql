ALTER TABLE "memory_sources" DROP CONSTRAINT "memory_sources_kind_check";--> statement-breakpoint
ALTER TABLE "memory_sources" ADD COLUMN "first_position" integer;--> statement-breakpoint
ALTER TABLE "memory_sources" ADD COLUMN "last_position" integer;--> statement-breakpoint
ALTER TABLE "memory_sources" ADD CONSTRAINT "memory_sources_passage_check" CHECK (num_nonnulls("memory_sources"."first_position", "memory_sources"."last_position") = case "memory_sources"."kind" when 'transcript' then 2 else 0 end);--> statement-breakpoint
ALTER TABLE "memory_sources" ADD CONSTRAINT "memory_sources_kind_check" CHECK ("memory_sources"."kind" in ('manual', 'message', 'file', 'recording', 'transcript', 'memory'));
