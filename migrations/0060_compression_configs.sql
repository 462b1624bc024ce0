CREATE TABLE "compression_configs" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"organization_id" text collate "C" NOT NULL,
	"room_id" text collate "C",
	"user_id" text collate "C",
	"mode" text,
	"max_send_bps" integer,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "compression_configs_key" UNIQUE NULLS NOT DISTINCT("organization_id","room_id","user_id"),
	CONSTRAINT "compression_configs_mode_check" CHECK ("compression_configs"."mode" in ('off', 'conservative', 'adaptive', 'aggressive')),
	CONSTRAINT "compression_configs_scope_check" CHECK ("compression_configs"."room_id" is null or "compression_configs"."user_id" is null)
);
--> statement-breakpoint
ALTER TABLE "compression_configs" ADD CONSTRAINT "compression_configs_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "compression_configs" ADD CONSTRAINT "compression_configs_room_id_rooms_id_fk" FOREIGN KEY ("room_id") REFERENCES "public"."rooms"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "compression_configs" ADD CONSTRAINT "compression_configs_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "compression_configs_room_id_idx" ON "compression_configs" USING btree ("room_id");--> statement-breakpoint
CREATE INDEX "compression_configs_user_id_idx" ON "compression_configs" USING btree ("user_id");--> statement-breakpoint
select tenant_wall('compression_configs');--> statement-breakpoint
grant select, insert, update, delete on compression_configs to auralink_app, auralink_system;
