ALTER TABLE "memory_sources" DROP CONSTRAINT "memory_sources_kind_check";--> statement-breakpoint
ALTER TABLE "memory_sources" ADD CONSTRAINT "memory_sources_kind_check" CHECK ("memory_sources"."kind" in ('manual', 'message', 'file', 'recording', 'transcript', 'memory', 'agent_message'));

--> statement-breakpoint
create function forget_deleted_messages() returns trigger language plpgsql as $$ begin return null; end $$;
--> statement-breakpoint
create function forget_unshared_messages() returns trigger language plpgsql as $$ begin return null; end $$;
--> statement-breakpoint
create trigger agent_messages_forget_deleted after delete on agent_messages referencing old table as deleted_messages
  for each statement execute function forget_deleted_messages();
--> statement-breakpoint
create trigger agent_conversations_forget_unshared after update of shared on agent_conversations
  for each row when (old.shared and not new.shared) execute function forget_unshared_messages();
