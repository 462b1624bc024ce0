CREATE TABLE "thoughts" (
	"organization_id" text collate "C" NOT NULL,
	"chain_id" text collate "C" NOT NULL,
	"ordinal" integer NOT NULL,
	"holder_hash" text NOT NULL,
	"thought" text NOT NULL,
	"thought_number" integer NOT NULL,
	"total_thoughts" integer NOT NULL,
	"next_thought_needed" boolean NOT NULL,
	"revises_thought" integer,
	"branch_from_thought" integer,
	"branch_id" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "thoughts_pkey" PRIMARY KEY("chain_id","ordinal")
);
--> statement-breakpoint
ALTER TABLE "thoughts" ADD CONSTRAINT "thoughts_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "thoughts_organization_id_holder_hash_idx" ON "thoughts" USING btree ("organization_id","holder_hash");--> statement-breakpoint
CREATE INDEX "thoughts_created_at_idx" ON "thoughts" USING btree ("created_at");--> statement-breakpoint
select tenant_wall('thoughts');--> statement-breakpoint
grant select, insert, update, delete on thoughts to auralink_app, auralink_system;
