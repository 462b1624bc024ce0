CREATE TABLE "service_identities" (
	"organization_id" text collate "C" NOT NULL,
	"identity" text NOT NULL,
	"api_key_id" text collate "C" NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "service_identities_organization_id_identity_pk" PRIMARY KEY("organization_id","identity")
);
--> statement-breakpoint
ALTER TABLE "service_identities" ADD CONSTRAINT "service_identities_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "service_identities" ADD CONSTRAINT "service_identities_api_key_id_api_keys_id_fk" FOREIGN KEY ("api_key_id") REFERENCES "public"."api_keys"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "service_identities_api_key_id_idx" ON "service_identities" USING btree ("api_key_id");--> statement-breakpoint
select tenant_wall('service_identities');--> statement-breakpoint
grant select, insert, update, delete on service_identities to auralink_app, auralink_system;
