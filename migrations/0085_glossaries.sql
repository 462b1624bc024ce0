CREATE TABLE "glossaries" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"organization_id" text collate "C" NOT NULL,
	"from_language" text NOT NULL,
	"to_language" text NOT NULL,
	"terms" jsonb NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "glossaries_languages_key" UNIQUE("organization_id","from_language","to_language")
);
--> statement-breakpoint
ALTER TABLE "glossaries" ADD CONSTRAINT "glossaries_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
select tenant_wall('glossaries');--> statement-breakpoint
grant select, insert, update, delete on glossaries to auralink_app, auralink_system;
