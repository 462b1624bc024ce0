DROP INDEX "memory_chunks_organization_id_idx";--> statement-breakpoint
CREATE INDEX "memory_chunks_space_idx" ON "memory_chunks" USING btree ("organization_id","space","id");
--> statement-breakpoint
-- Only `recall_memories` calls it, and both are defined again in this transaction.
drop function if exists find_memory_texts(text, text[], text, integer);
