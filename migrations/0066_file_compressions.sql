CREATE TABLE "file_compressions" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"organization_id" text collate "C" NOT NULL,
	"file_id" text collate "C" NOT NULL,
	"state" text NOT NULL,
	"reason" text,
	"detail" text,
	"settings" jsonb NOT NULL,
	"progress" integer DEFAULT 0 NOT NULL,
	"requested_by" text collate "C",
	"source_bytes" bigint NOT NULL,
	"source_type" text NOT NULL,
	"copy_bytes" bigint,
	"copy_type" text,
	"figures" jsonb,
	"attempts" integer DEFAULT 0 NOT NULL,
	"ended_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "file_compressions_state_check" CHECK ("file_compressions"."state" in ('requested', 'running', 'verifying', 'ready', 'kept', 'failed', 'cancelled')),
	CONSTRAINT "file_compressions_reason_check" CHECK ("file_compressions"."reason" in ('not_smaller', 'quality_not_reached', 'copy_differs', 'refused', 'too_long', 'given_up', 'service_unavailable', 'requested', 'file_gone', 'organization_deleted')),
	CONSTRAINT "file_compressions_progress_check" CHECK ("file_compressions"."progress" between 0 and 100),
	CONSTRAINT "file_compressions_ended_check" CHECK (("file_compressions"."state" not in ('ready', 'kept', 'failed', 'cancelled')) = ("file_compressions"."ended_at" is null)),
	CONSTRAINT "file_compressions_copy_check" CHECK (("file_compressions"."state" = 'ready') = ("file_compressions"."copy_bytes" is not null)),
	CONSTRAINT "file_compressions_smaller_check" CHECK ("file_compressions"."copy_bytes" < "file_compressions"."source_bytes")
);
--> statement-breakpoint
ALTER TABLE "files" ADD COLUMN "object_suffix" text;--> statement-breakpoint
ALTER TABLE "files" ADD COLUMN "replaced_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "file_compressions" ADD CONSTRAINT "file_compressions_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "file_compressions" ADD CONSTRAINT "file_compressions_file_id_files_id_fk" FOREIGN KEY ("file_id") REFERENCES "public"."files"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "file_compressions_organization_id_idx" ON "file_compressions" USING btree ("organization_id","id");--> statement-breakpoint
CREATE INDEX "file_compressions_file_id_idx" ON "file_compressions" USING btree ("file_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "file_compressions_running_key" ON "file_compressions" USING btree ("file_id") WHERE "file_compressions"."ended_at" is null;--> statement-breakpoint
CREATE INDEX "file_compressions_open_idx" ON "file_compressions" USING btree ("organization_id") WHERE "file_compressions"."ended_at" is null;--> statement-breakpoint
ALTER TABLE "files" ADD CONSTRAINT "files_replaced_check" CHECK (("files"."object_suffix" is null) = ("files"."replaced_at" is null));--> statement-breakpoint
select tenant_wall('file_compressions');--> statement-breakpoint
grant select, insert, update, delete on file_compressions to auralink_app, auralink_system;
--> statement-breakpoint
create function count_file_change() returns trigger language plpgsql as $$ begin return null; end $$;
--> statement-breakpoint
create trigger files_count_changed after update of size_bytes on files for each row
  when (old.size_bytes is distinct from new.size_bytes) execute function count_file_change();
