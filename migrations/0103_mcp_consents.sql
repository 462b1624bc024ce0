CREATE TABLE "mcp_consents" (
	"state_hash" text PRIMARY KEY NOT NULL,
	"organization_id" text collate "C" NOT NULL,
	"connection_id" text collate "C" NOT NULL,
	"user_id" text collate "C" NOT NULL,
	"sealed_grant" text NOT NULL,
	"ends_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "mcp_connections" DROP CONSTRAINT "mcp_connections_status_check";--> statement-breakpoint
ALTER TABLE "mcp_connections" DROP CONSTRAINT "mcp_connections_problem_check";--> statement-breakpoint
ALTER TABLE "mcp_connections" ADD COLUMN "authorization" text DEFAULT 'headers' NOT NULL;--> statement-breakpoint
ALTER TABLE "mcp_connections" ADD COLUMN "sealed_grant" text;--> statement-breakpoint
ALTER TABLE "mcp_connections" ADD COLUMN "token_ends_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "mcp_connections" ADD COLUMN "refreshing_until" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "mcp_connections" ADD COLUMN "consented_by" text collate "C";--> statement-breakpoint
ALTER TABLE "mcp_consents" ADD CONSTRAINT "mcp_consents_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mcp_consents" ADD CONSTRAINT "mcp_consents_connection_id_mcp_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."mcp_connections"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mcp_consents" ADD CONSTRAINT "mcp_consents_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "mcp_consents_connection_id_user_id_key" ON "mcp_consents" USING btree ("connection_id","user_id");--> statement-breakpoint
CREATE INDEX "mcp_consents_organization_id_idx" ON "mcp_consents" USING btree ("organization_id");--> statement-breakpoint
CREATE INDEX "mcp_consents_user_id_idx" ON "mcp_consents" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "mcp_consents_ends_at_idx" ON "mcp_consents" USING btree ("ends_at");--> statement-breakpoint
ALTER TABLE "mcp_connections" ADD CONSTRAINT "mcp_connections_consented_by_users_id_fk" FOREIGN KEY ("consented_by") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "mcp_connections_consented_by_idx" ON "mcp_connections" USING btree ("consented_by");--> statement-breakpoint
ALTER TABLE "mcp_connections" ADD CONSTRAINT "mcp_connections_authorization_check" CHECK ("mcp_connections"."authorization" in ('headers', 'oauth'));--> statement-breakpoint
ALTER TABLE "mcp_connections" ADD CONSTRAINT "mcp_connections_status_check" CHECK ("mcp_connections"."status" in ('working', 'failing', 'needs_authorization'));--> statement-breakpoint
ALTER TABLE "mcp_connections" ADD CONSTRAINT "mcp_connections_problem_check" CHECK ("mcp_connections"."problem" in ('address_refused', 'unreachable', 'credential_refused', 'authorization_missing', 'authorization_ended', 'scope_missing', 'unexpected_answer'));--> statement-breakpoint
select tenant_wall('mcp_consents');--> statement-breakpoint
grant select, insert, update, delete on mcp_consents to auralink_app, auralink_system;
