ALTER TABLE "mcp_connections" ADD COLUMN "missing_scope" text;--> statement-breakpoint
ALTER TABLE "mcp_connections" ADD COLUMN "unconfirmed_tools" text[] DEFAULT '{}' NOT NULL;
