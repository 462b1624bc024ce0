CREATE TABLE "mcp_connections" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"organization_id" text collate "C" NOT NULL,
	"name" text NOT NULL,
	"url" text NOT NULL,
	"header_names" text[] NOT NULL,
	"sealed_headers" text NOT NULL,
	"enabled" boolean NOT NULL,
	"allowed_tools" text[],
	"server_name" text NOT NULL,
	"protocol_version" text NOT NULL,
	"tools" jsonb NOT NULL,
	"status" text NOT NULL,
	"problem" text,
	"tested_at" timestamp (3) with time zone NOT NULL,
	"created_by" text collate "C",
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "mcp_connections_status_check" CHECK ("mcp_connections"."status" in ('working', 'failing')),
	CONSTRAINT "mcp_connections_problem_check" CHECK ("mcp_connections"."problem" in ('address_refused', 'unreachable', 'credential_refused', 'unexpected_answer'))
);
--> statement-breakpoint
CREATE TABLE "mcp_tool_calls" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"organization_id" text collate "C" NOT NULL,
	"connection_id" text collate "C" NOT NULL,
	"tool" text NOT NULL,
	"outcome" text NOT NULL,
	"duration_ms" integer NOT NULL,
	"called_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "mcp_tool_calls_outcome_check" CHECK ("mcp_tool_calls"."outcome" in ('succeeded', 'tool_failed', 'failed'))
);
--> statement-breakpoint
ALTER TABLE "mcp_connections" ADD CONSTRAINT "mcp_connections_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mcp_connections" ADD CONSTRAINT "mcp_connections_created_by_users_id_fk" FOREIGN KEY ("created_by") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mcp_tool_calls" ADD CONSTRAINT "mcp_tool_calls_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mcp_tool_calls" ADD CONSTRAINT "mcp_tool_calls_connection_id_mcp_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."mcp_connections"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "mcp_connections_organization_id_idx" ON "mcp_connections" USING btree ("organization_id","id");--> statement-breakpoint
CREATE INDEX "mcp_connections_created_by_idx" ON "mcp_connections" USING btree ("created_by");--> statement-breakpoint
CREATE INDEX "mcp_tool_calls_connection_id_called_at_idx" ON "mcp_tool_calls" USING btree ("connection_id","called_at");--> statement-breakpoint
CREATE INDEX "mcp_tool_calls_organization_id_idx" ON "mcp_tool_calls" USING btree ("organization_id");--> statement-breakpoint
CREATE INDEX "mcp_tool_calls_called_at_idx" ON "mcp_tool_calls" USING btree ("called_at");--> statement-breakpoint
select tenant_wall('mcp_connections');--> statement-breakpoint
grant select, insert, update, delete on mcp_connections to auralink_app, auralink_system;--> statement-breakpoint
select tenant_wall('mcp_tool_calls');--> statement-breakpoint
grant select, insert, update, delete on mcp_tool_calls to auralink_app, auralink_system;
