CREATE TABLE "file_links" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"organization_id" text collate "C" NOT NULL,
	"file_id" text collate "C" NOT NULL,
	"token_hash" text NOT NULL,
	"password_hash" text,
	"max_downloads" integer,
	"downloads" integer DEFAULT 0 NOT NULL,
	"last_downloaded_at" timestamp (3) with time zone,
	"expires_at" timestamp (3) with time zone,
	"user_id" text collate "C",
	"api_key_id" text collate "C",
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "file_links_creator_check" CHECK (num_nonnulls("file_links"."user_id", "file_links"."api_key_id") = 1),
	CONSTRAINT "file_links_downloads_check" CHECK ("file_links"."downloads" >= 0 and "file_links"."downloads" <= coalesce("file_links"."max_downloads", "file_links"."downloads"))
);
--> statement-breakpoint
ALTER TABLE "file_links" ADD CONSTRAINT "file_links_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "file_links" ADD CONSTRAINT "file_links_file_id_files_id_fk" FOREIGN KEY ("file_id") REFERENCES "public"."files"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "file_links" ADD CONSTRAINT "file_links_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "file_links" ADD CONSTRAINT "file_links_api_key_id_api_keys_id_fk" FOREIGN KEY ("api_key_id") REFERENCES "public"."api_keys"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "file_links_token_hash_key" ON "file_links" USING btree ("token_hash");--> statement-breakpoint
CREATE INDEX "file_links_organization_id_idx" ON "file_links" USING btree ("organization_id");--> statement-breakpoint
CREATE INDEX "file_links_file_id_idx" ON "file_links" USING btree ("file_id","id");--> statement-breakpoint
CREATE INDEX "file_links_user_id_idx" ON "file_links" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "file_links_api_key_id_idx" ON "file_links" USING btree ("api_key_id");--> statement-breakpoint
select tenant_wall('file_links');--> statement-breakpoint
grant select, insert, update, delete on file_links to auralink_app, auralink_system;
