CREATE TABLE "storage_totals" (
	"organization_id" text collate "C" PRIMARY KEY NOT NULL,
	"files" bigint NOT NULL,
	"size_bytes" bigint NOT NULL
);
--> statement-breakpoint
DROP INDEX "files_storage_idx";--> statement-breakpoint
DROP INDEX "files_room_id_idx";--> statement-breakpoint
DROP INDEX "files_call_id_idx";--> statement-breakpoint
ALTER TABLE "storage_totals" ADD CONSTRAINT "storage_totals_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "files_access_idx" ON "files" USING btree ("organization_id","access","id") WHERE "files"."status" = 'stored' and "files"."deleted_at" is null;--> statement-breakpoint
CREATE INDEX "files_uploaded_by_idx" ON "files" USING btree ("organization_id","uploaded_by","id") WHERE "files"."status" = 'stored' and "files"."deleted_at" is null;--> statement-breakpoint
CREATE INDEX "files_deleted_idx" ON "files" USING btree ("organization_id","id") WHERE "files"."deleted_at" is not null;--> statement-breakpoint
CREATE INDEX "files_deleted_by_owner_idx" ON "files" USING btree ("organization_id","uploaded_by","id") WHERE "files"."deleted_at" is not null;--> statement-breakpoint
CREATE INDEX "files_room_id_idx" ON "files" USING btree ("room_id","access","id");--> statement-breakpoint
CREATE INDEX "files_call_id_idx" ON "files" USING btree ("call_id","access","id");--> statement-breakpoint
select tenant_wall('storage_totals');--> statement-breakpoint
grant select, insert, update on storage_totals to auralink_app, auralink_system;--> statement-breakpoint
create function count_files() returns trigger language plpgsql as $$ begin return null; end $$;
--> statement-breakpoint
create trigger files_count_inserted after insert on files referencing new table as changed_files
  for each statement execute function count_files();
--> statement-breakpoint
create trigger files_count_deleted after delete on files referencing old table as changed_files
  for each statement execute function count_files();
--> statement-breakpoint
insert into storage_totals (organization_id, files, size_bytes)
select organization_id, count(*), sum(size_bytes) from files group by organization_id;
