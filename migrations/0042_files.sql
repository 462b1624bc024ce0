CREATE TABLE "files" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"organization_id" text collate "C" NOT NULL,
	"user_id" text collate "C",
	"uploaded_by" text collate "C" NOT NULL,
	"name" text NOT NULL,
	"content_type" text NOT NULL,
	"size_bytes" bigint NOT NULL,
	"checksum" text,
	"access" text NOT NULL,
	"room_id" text collate "C",
	"call_id" text collate "C",
	"status" text NOT NULL,
	"upload_ends_at" timestamp (3) with time zone,
	"scan_status" text NOT NULL,
	"scan_attempts" integer DEFAULT 0 NOT NULL,
	"expires_at" timestamp (3) with time zone,
	"deleted_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "files_access_check" CHECK ("files"."access" in ('private', 'participants', 'organization', 'public')),
	CONSTRAINT "files_status_check" CHECK ("files"."status" in ('uploading', 'stored')),
	CONSTRAINT "files_scan_status_check" CHECK ("files"."scan_status" in ('pending', 'clean', 'infected', 'failed')),
	CONSTRAINT "files_size_bytes_check" CHECK ("files"."size_bytes" >= 0),
	CONSTRAINT "files_upload_check" CHECK (("files"."status" = 'uploading') = ("files"."upload_ends_at" is not null))
);
--> statement-breakpoint
ALTER TABLE "files" ADD CONSTRAINT "files_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "files" ADD CONSTRAINT "files_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "files" ADD CONSTRAINT "files_room_id_rooms_id_fk" FOREIGN KEY ("room_id") REFERENCES "public"."rooms"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "files" ADD CONSTRAINT "files_call_id_calls_id_fk" FOREIGN KEY ("call_id") REFERENCES "public"."calls"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "files_organization_id_idx" ON "files" USING btree ("organization_id","id");--> statement-breakpoint
CREATE INDEX "files_storage_idx" ON "files" USING btree ("organization_id","size_bytes");--> statement-breakpoint
CREATE INDEX "files_room_id_idx" ON "files" USING btree ("room_id","id");--> statement-breakpoint
CREATE INDEX "files_call_id_idx" ON "files" USING btree ("call_id");--> statement-breakpoint
CREATE INDEX "files_user_id_idx" ON "files" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "files_upload_ends_at_idx" ON "files" USING btree ("upload_ends_at") WHERE "files"."upload_ends_at" is not null;--> statement-breakpoint
CREATE INDEX "files_expires_at_idx" ON "files" USING btree ("expires_at") WHERE "files"."expires_at" is not null;--> statement-breakpoint
CREATE INDEX "files_deleted_at_idx" ON "files" USING btree ("deleted_at") WHERE "files"."deleted_at" is not null;--> statement-breakpoint
CREATE INDEX "files_scan_pending_idx" ON "files" USING btree ("id") WHERE "files"."scan_status" = 'pending' and "files"."status" = 'stored';--> statement-breakpoint
select tenant_wall('files');--> statement-breakpoint
grant select, insert, update, delete on files to auralink_app, auralink_system;
